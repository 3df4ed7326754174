//! Every file in `fixtures/errors/import` is refused, and its message is the snapshot.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use tailcast::import::{ImportOptions, read};

/// Files that there must be at least, so that an empty folder fails.
const FILES_MIN: usize = 40;

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/errors/import");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

#[test]
fn every_bad_file_is_refused_with_its_message() {
    let files = files();
    assert!(files.len() >= FILES_MIN, "{} files", files.len());
    let mut messages = String::new();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let error = match read(&path, &ImportOptions::default()) {
            Err(error) => error,
            Ok(_) => panic!("{name} is read"),
        };
        // The message starts with the file as given, which is a path of this machine here.
        let message = error.to_string().replace(&*path.to_string_lossy(), &name);
        writeln!(messages, "error[{}]: {message}", error.code()).unwrap();
        if let Some(help) = error.help() {
            writeln!(messages, "  help: {help}").unwrap();
        }
        assert_eq!(error.problem().code, error.code());
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../fixtures/errors/import/expected");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("messages", messages));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = read(Path::new("no/such/file.csv"), &ImportOptions::default()).unwrap_err();
    assert!(error.to_string().starts_with("no/such/file.csv: cannot read it: "), "{error}");
}

#[test]
fn no_damage_to_a_file_makes_reading_it_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import");
    let mut tried = 0;
    for kind in ["spigo", "tools", "hdr"] {
        for entry in fs::read_dir(folder.join(kind)).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            let step = (bytes.len() / 60).max(1);
            for at in (0..bytes.len()).step_by(step) {
                for byte in [0, b'9', b'"', b'}', 0xff] {
                    let mut damaged = bytes.clone();
                    damaged[at] = byte;
                    let _ = tailcast::import::read_from(&damaged[..], "damaged", &ImportOptions::default());
                }
                let _ = tailcast::import::read_from(&bytes[..at], "cut", &ImportOptions::default());
                tried += 6;
            }
        }
    }
    assert!(tried > 5000, "{tried}");
}
