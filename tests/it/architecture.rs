//! The rules that the sources keep: imports point one way, files are of a readable length, nothing is unsafe.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Modules in the order in which they may import each other; a feature or a later piece of work may leave one out.
const ORDER: [&str; 18] = [
    "units", "span", "problem", "math", "rng", "dist", "formula", "program", "model", "recorder", "sim", "study",
    "import", "infer", "report", "export", "plot", "client",
];

/// Most lines of a file, all told.
const LINES_MAX: usize = 800;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder of the project.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// A file without its comments and without its unit tests, which may look at the crate as a user does.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source file");
    let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Names that follow `crate::` in a file, those in braces included.
fn imported(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let name_of = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
    };
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.insert(name_of(rest));
            continue;
        };
        let mut depth = 0;
        let top_level: String = group
            .chars()
            .take_while(|c| {
                depth += i32::from(*c == '{') - i32::from(*c == '}');
                depth >= 0
            })
            .collect();
        let mut depth = 0;
        for part in top_level.split_inclusive([',', '{', '}']) {
            if depth == 0 {
                names.insert(name_of(part));
            }
            depth += i32::from(part.ends_with('{')) - i32::from(part.ends_with('}'));
        }
    }
    names.remove("");
    names
}

/// Position of a module in the order.
fn position(module: &str) -> Option<usize> {
    ORDER.iter().position(|known| *known == module)
}

/// Module of the library that a file belongs to.
fn module_of(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).expect("a file of src");
    let first = inside.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn modules_stand_in_the_order_of_their_imports() {
    let text = code(&root().join("src/lib.rs"));
    let modules: Vec<&str> =
        text.lines().filter_map(|line| line.trim().strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert!(modules.len() >= 15, "{modules:?}");
    let positions: Vec<usize> = modules.iter().map(|module| position(module).expect("a known module")).collect();
    assert!(positions.is_sorted(), "{modules:?} are not in the order {ORDER:?}");
}

#[test]
fn modules_import_only_from_those_before_them() {
    let mut wrong = Vec::new();
    let mut imports = 0;
    for path in files("src") {
        let module = module_of(&path);
        if ["lib", "main", "cli"].contains(&module.as_str()) {
            continue;
        }
        let here = position(&module).unwrap_or_else(|| panic!("{} is in no known module", path.display()));
        for name in imported(&code(&path)) {
            // What is in no module of the list is a macro or the module's own.
            let Some(there) = position(&name) else { continue };
            imports += 1;
            if there > here {
                wrong.push(format!("{} imports {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(imports > 300, "only {imports} imports were found");
}

#[test]
fn the_command_line_uses_the_public_library_alone() {
    let of_the_binary = files("src/cli");
    assert!(of_the_binary.len() >= 10);
    for path in of_the_binary {
        let names = imported(&code(&path));
        assert!(names.iter().all(|name| name == "cli"), "{} imports {names:?}", path.display());
    }
}

#[test]
fn files_are_of_a_readable_length() {
    for path in ["src", "tests", "benches"].into_iter().flat_map(files) {
        let lines = fs::read_to_string(&path).expect("a source file").lines().count();
        assert!(lines <= LINES_MAX, "{} has {lines} lines", path.display());
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for path in ["src", "tests", "benches"].into_iter().flat_map(files) {
        let text = fs::read_to_string(&path).expect("a source file");
        assert!(text.starts_with("//! "), "{} has no module docs", path.display());
    }
}

#[test]
fn nothing_is_unsafe() {
    assert!(fs::read_to_string(root().join("src/lib.rs")).expect("a file").contains("#![forbid(unsafe_code)]"));
    for path in files("src") {
        let is_unsafe = |line: &str| line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == "unsafe");
        assert!(!code(&path).lines().any(is_unsafe), "{}", path.display());
    }
}

#[test]
fn imports_are_found_in_every_form() {
    let names = imported("use crate::{dist::{Beta, Normal}, rng};\nuse crate::span::Span;\npub(in crate::formula) fn");
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["dist", "formula", "rng", "span"]);
}
