//! The subcommands that talk to Guesstimate, run as a user runs them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::people::{SECRET, token, token_of};
use super::server::TestServer;

/// A server, and a folder with the files of a user.
pub(super) struct Desk {
    pub(super) server: TestServer,
    folder: TempDir,
}

/// What a command answered.
pub(super) struct Answer {
    pub(super) status: i32,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Desk {
    pub(super) fn new() -> Self {
        Self { server: TestServer::start(), folder: tempfile::tempdir().expect("a folder") }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a file");
    }

    pub(super) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file")
    }

    /// A command in the folder, with nothing of this machine's environment that could matter.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tailcast"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        for variable in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(variable).env_remove(variable.to_uppercase());
        }
        command.env_remove("GUESSTIMATE_TOKEN").env_remove("GUESSTIMATE_ORGANIZATION_TOKEN");
        command
    }

    /// Runs a subcommand against the server as a user.
    pub(super) fn run(&self, user: &str, arguments: &[&str]) -> Answer {
        let url = self.server.url();
        let mut command = self.command(&[arguments, &["--api-url", &url]].concat());
        command.env("GUESSTIMATE_TOKEN", token_of(user));
        self.finish(command.output().expect("a run"))
    }

    /// The answer, after making sure that no secret was written anywhere.
    pub(super) fn finish(&self, output: Output) -> Answer {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        let status = output.status.code().expect("an end of its own");
        let answer = Answer { status, stdout: text(output.stdout), stderr: text(output.stderr) };
        assert!(
            !answer.stdout.contains(SECRET) && !answer.stderr.contains(SECRET),
            "{} {}",
            answer.stdout,
            answer.stderr
        );
        assert!(!answer.stderr.contains("panicked"), "{}", answer.stderr);
        for entry in std::fs::read_dir(self.folder.path()).expect("a folder") {
            let path = entry.expect("an entry").path();
            let is_token = path.extension().is_some_and(|ending| ending == "token");
            let bytes = std::fs::read(&path).expect("a file");
            assert!(is_token || !String::from_utf8_lossy(&bytes).contains(SECRET), "{}", path.display());
        }
        answer
    }
}

/// The answer of a command that succeeds.
fn done(answer: Answer) -> Answer {
    assert_eq!(answer.status, 0, "{}{}", answer.stdout, answer.stderr);
    answer
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.stdout).unwrap_or_else(|error| panic!("{error}: {}", answer.stdout))
}

pub(super) const MODEL: &str = "name = \"two\" # mine\n[metrics]\na = \"5 to 10\"\nb = \"=2 a\"\n";

#[test]
fn push_prints_id_and_address_and_says_that_the_space_is_public() {
    let desk = Desk::new();
    desk.write("m.toml", MODEL);
    let answer = done(desk.run("ada", &["push", "m.toml", "--format", "json"]));
    let id = desk.server.rules().spaces[0].id;
    let url = format!("{}/models/{id}", desk.server.url());
    assert_eq!(json(&answer), serde_json::json!({"schema": 1, "id": id, "url": url}));
    assert!(answer.stderr.contains("public") && answer.stderr.contains("--private"), "{}", answer.stderr);
    assert_eq!(desk.read("m.toml"), MODEL);
    let text = done(desk.run("ada", &["push", "m.toml", "--private", "--name", "other"]));
    let space = desk.server.rules().spaces[1].clone();
    assert!(space.is_private && space.name.as_deref() == Some("other"));
    assert_eq!(
        text.stdout,
        format!("created space {} (private): {}/models/{}\n", space.id, desk.server.url(), space.id)
    );
    assert_eq!(desk.server.seen().len(), 3, "one request to push, and one more to ask for the plan");
}

#[test]
fn a_saved_model_is_updated_and_compared_in_either_form() {
    for (name, text, edit) in [
        ("m.toml", MODEL, ("=2 a", "=3 a")),
        ("m.json", include_str!("../../../models/memcached.json"), ("[1000,4000]", "[1000,5000]")),
    ] {
        let desk = Desk::new();
        desk.write(name, text);
        done(desk.run("ada", &["push", name, "--save"]));
        assert!(desk.read(name).len() > text.len());
        let same = done(desk.run("ada", &["diff", name]));
        assert!(same.stdout.starts_with("no difference"), "{}", same.stdout);
        desk.write(name, &desk.read(name).replace(edit.0, edit.1));
        let changed = desk.run("ada", &["diff", name]);
        assert_eq!(changed.status, 1, "{}{}", changed.stdout, changed.stderr);
        assert!(changed.stdout.contains("expression: `"), "{}", changed.stdout);
        for round in 0..2 {
            done(desk.run("ada", &["update", name]));
            desk.write(name, &desk.read(name).replace("(0,100)", "(0, 100)").replace("3 a", "4 a"));
            assert_eq!(desk.server.rules().spaces.len(), 1, "{round}");
        }
        let patches: Vec<Value> = desk
            .server
            .seen()
            .iter()
            .filter(|seen| seen.method == "PATCH")
            .map(|seen| serde_json::from_slice(&seen.body).expect("JSON"))
            .collect();
        assert!(patches.iter().all(|patch| patch["space"]["previous_updated_at"].is_string()));
        assert_eq!(patches.len(), 2);
    }
}

#[test]
fn a_file_pulled_before_an_edit_never_overwrites_it() {
    for (name, author) in [("m.toml", 2), ("m.json", 2), ("m.toml", 1)] {
        let desk = Desk::new();
        desk.write("first.toml", MODEL);
        done(desk.run("ada", &["push", "first.toml", "--organization", "10"]));
        let id = desk.server.rules().spaces[0].id;
        done(desk.run("ada", &["pull", &id.to_string(), "-o", name]));
        desk.server.rules().edit(id, author, |space| {
            let graph = space.graph.as_mut().expect("a graph");
            graph["guesstimates"][0]["expression"] = "7 to 8".into();
        });
        desk.write(name, &desk.read(name).replace("= \"two\"", "= \"three\"").replace("\": \"two\"", "\": \"three\""));
        let before = desk.read(name);
        let refused = desk.run("ada", &["update", name]);
        assert_eq!((refused.status, refused.stdout.as_str()), (2, ""), "{}", refused.stderr);
        assert!(refused.stderr.contains("`5 to 10`") && refused.stderr.contains("`7 to 8`"), "{}", refused.stderr);
        assert!(refused.stderr.contains("help: pull it into another file"), "{}", refused.stderr);
        assert_eq!(desk.read(name), before);
        assert_eq!(
            desk.server.rules().spaces[0].graph.as_ref().expect("a graph")["guesstimates"][0]["expression"],
            "7 to 8"
        );
        assert_eq!(desk.server.count("PATCH", "/"), 0);
    }
}

#[test]
fn an_edit_between_reading_and_writing_is_shown() {
    let desk = Desk::new();
    desk.write("m.toml", MODEL);
    done(desk.run("ada", &["push", "m.toml", "--organization", "10", "--save"]));
    desk.write("m.toml", &desk.read("m.toml").replace("=2 a", "=9 a"));
    // The server answers the update as if Bob had been faster.
    let id = desk.server.rules().spaces[0].id;
    let url = desk.server.url();
    desk.server.fault("PATCH", "/spaces", super::server::Fault::EditFirst(id, 2));
    let refused = desk.run("ada", &["update", "m.toml"]);
    assert_eq!(refused.status, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("name: `two` -> `edited`"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("=9"), "{} {url}", refused.stderr);
}

#[test]
fn a_space_is_pulled_by_id_by_address_and_by_share_link() {
    let desk = Desk::new();
    desk.write("m.toml", MODEL);
    done(desk.run("ada", &["push", "m.toml", "--private"]));
    let id = desk.server.rules().spaces[0].id;
    let pulled = done(desk.run("ada", &["pull", &id.to_string()]));
    assert_eq!(json(&pulled)["space"]["id"], id);
    assert_eq!(json(&pulled)["space"]["_embedded"]["user"]["name"], "Ada");
    let shared = done(desk.run("ada", &["share", "enable", &id.to_string()]));
    let address = shared.stdout.trim().to_owned();
    let url = desk.server.url();
    let anyone = |arguments: &[&str]| {
        let mut command = desk.command(&[arguments, &["--api-url", &url]].concat());
        desk.finish(command.output().expect("a run"))
    };
    let refused = anyone(&["pull", &id.to_string()]);
    assert_eq!(refused.status, 2);
    assert!(
        refused.stderr.contains("needs a token") && refused.stderr.contains("GUESSTIMATE_TOKEN"),
        "{}",
        refused.stderr
    );
    done(anyone(&["pull", &address, "-o", "shared.toml"]));
    assert!(desk.read("shared.toml").contains("[guesstimate]"));
    let token = address.split_once("?token=").expect("a token").1;
    done(anyone(&["pull", &id.to_string(), "--share-token", token, "-o", "shared.json"]));
    let by_ada = done(desk.run("ada", &["pull", &id.to_string()]));
    for text in [desk.read("shared.json"), by_ada.stdout] {
        assert!(!text.contains(token), "the share token is a secret as well");
    }
    let rotated = done(desk.run("ada", &["share", "rotate", "shared.toml"]));
    assert_ne!(rotated.stdout.trim(), address);
    done(desk.run("ada", &["share", "disable", "shared.json"]));
    assert_eq!(anyone(&["pull", &address]).status, 2);
}

#[test]
fn a_dry_run_prints_the_request_and_sends_nothing() {
    let desk = Desk::new();
    desk.write("m.toml", MODEL);
    let answer = done(desk.run("ada", &["push", "m.toml", "--dry-run", "--organization", "10", "--private"]));
    let (head, body) = answer.stdout.split_once("\n\n").expect("a body");
    assert!(head.starts_with(&format!("POST {}/spaces\n", desk.server.url())), "{head}");
    assert!(head.contains("Authorization: Bearer (not shown)"), "{head}");
    let body: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(body["space"]["name"], "two");
    for arguments in
        [&["delete", "5", "--dry-run"][..], &["copy", "5", "--dry-run"], &["share", "enable", "5", "--dry-run"]]
    {
        assert!(done(desk.run("ada", arguments)).stdout.contains("/spaces/5"), "{arguments:?}");
    }
    assert!(desk.server.seen().is_empty());
    done(desk.run("ada", &["push", "m.toml", "--save"]));
    desk.write("m.toml", &desk.read("m.toml").replace("=2 a", "=3 a"));
    let answer = done(desk.run("ada", &["update", "m.toml", "--dry-run"]));
    assert!(answer.stdout.starts_with("PATCH") && answer.stdout.contains("previous_updated_at"), "{}", answer.stdout);
    assert_eq!(desk.server.count("PATCH", "/"), 0);
}

#[test]
fn spaces_are_listed_copied_and_deleted_when_confirmed() {
    let desk = Desk::new();
    desk.write("m.toml", MODEL);
    done(desk.run("ada", &["push", "m.toml", "--save"]));
    let copy = json(&done(desk.run("bob", &["copy", "m.toml", "--format", "json"])));
    let list = json(&done(desk.run("bob", &["list", "--format", "json"])));
    assert_eq!(list["spaces"][0]["id"], copy["id"]);
    assert_eq!(list["spaces"][0]["name"], "two");
    assert!(done(desk.run("bob", &["list"])).stdout.contains("public"));
    let id = copy["id"].to_string();
    let refused = desk.run("bob", &["delete", &id]);
    assert_eq!(refused.status, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("delete space") && refused.stderr.contains("--yes"), "{}", refused.stderr);
    assert_eq!(desk.server.rules().spaces.len(), 2);
    done(desk.run("bob", &["delete", &id, "--yes"]));
    assert_eq!(desk.server.rules().spaces.len(), 1);
    let gone = desk.run("bob", &["delete", &id, "--yes"]);
    assert_eq!(gone.status, 2);
    assert!(gone.stderr.contains(&format!("the server has no space {id}")), "{}", gone.stderr);
}

#[test]
fn strangers_give_no_spaces_to_organizations_and_plans_are_asked_first() {
    let desk = Desk::new();
    desk.write("m.toml", MODEL);
    let refused = desk.run("cleo", &["push", "m.toml", "--organization", "10"]);
    assert!(refused.status == 2 && refused.stderr.contains("no member of organization 10"), "{}", refused.stderr);
    let refused = desk.run("bob", &["push", "m.toml", "--private"]);
    assert!(refused.status == 2 && refused.stderr.contains("has room for 0 private spaces"), "{}", refused.stderr);
    assert_eq!(desk.server.count("POST", "/"), 0);
    done(desk.run("bob", &["push", "m.toml", "--organization", "10", "--private"]));
    assert_eq!(desk.server.rules().spaces[0].organization, Some(10));
}

#[test]
fn facts_are_pushed_by_the_token_of_the_organization() {
    let desk = Desk::new();
    desk.write("m.toml", MODEL);
    let url = desk.server.url();
    let arguments = ["fact", "m.toml", "b", "--organization", "10", "--samples", "10k", "--api-url", &url];
    let mut command = desk.command(&arguments);
    command.env("GUESSTIMATE_ORGANIZATION_TOKEN", "s3cr3t-organization-token");
    let answer = done(desk.finish(command.output().expect("a run")));
    assert!(answer.stdout.starts_with("wrote fact") && answer.stdout.contains("`b`"), "{}", answer.stdout);
    assert_eq!(desk.server.rules().facts.len(), 1);
    let refused = desk.finish(desk.command(&arguments).output().expect("a run"));
    assert_eq!(refused.status, 2, "{}", refused.stderr);
}

#[test]
fn tokens_come_from_a_file_or_standard_input_and_are_never_shown() {
    let desk = Desk::new();
    desk.write("m.toml", MODEL);
    desk.write("my.token", &format!("{}\n", token_of("ada")));
    let url = desk.server.url();
    let run = |arguments: &[&str], input: &str| {
        let mut command = desk.command(&[&["push", "m.toml", "--api-url", &url], arguments].concat());
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a run");
        // A command that refuses its arguments does not read its input.
        let _ = child.stdin.take().expect("an input").write_all(input.as_bytes());
        desk.finish(child.wait_with_output().expect("an end"))
    };
    done(run(&["--token-file", "my.token"], ""));
    done(run(&["--token-stdin"], &token_of("ada")));
    let cases = [
        (run(&[], ""), "expected a token, found none"),
        (run(&["--token-stdin"], ""), "expected a token, found nothing"),
        (run(&["--token-stdin"], "s3cr3t s3cr3t"), "expected a token, found a text with spaces"),
        (run(&["--token-stdin"], &token("auth0|ada", 1_000_000_000)), "the token expired"),
        (run(&["--token-file", "no.token"], ""), "`no.token` can't be read"),
    ];
    for (answer, message) in cases {
        assert_eq!(answer.status, 2);
        assert!(answer.stderr.contains(message), "{}", answer.stderr);
    }
    assert_eq!(desk.server.seen().len(), 2);
}

#[test]
fn an_expired_token_does_not_keep_public_spaces_from_being_read() {
    let desk = Desk::new();
    desk.write("m.toml", MODEL);
    done(desk.run("ada", &["push", "m.toml"]));
    let id = desk.server.rules().spaces[0].id.to_string();
    let url = desk.server.url();
    let mut command = desk.command(&["pull", &id, "--api-url", &url]);
    command.env("GUESSTIMATE_TOKEN", token("auth0|ada", 1_000_000_000));
    let answer = done(desk.finish(command.output().expect("a run")));
    assert!(answer.stderr.contains("reading without it"), "{}", answer.stderr);
}

#[test]
fn problems_stop_a_push_unless_forced_and_nothing_is_asked() {
    let desk = Desk::new();
    desk.write("m.toml", "[metrics]\na = '=b'\nb = '=a'\n");
    let refused = desk.run("ada", &["push", "m.toml"]);
    assert_eq!((refused.status, refused.stdout.as_str()), (2, ""));
    assert!(refused.stderr.contains("expected no cycle") && refused.stderr.contains("--force"), "{}", refused.stderr);
    assert!(desk.server.seen().is_empty());
    let forced = done(desk.run("ada", &["push", "m.toml", "--force"]));
    assert!(forced.stderr.contains("warning: "), "{}", forced.stderr);
}

#[test]
fn an_id_that_cannot_be_saved_is_known_before_a_space_is_made() {
    let desk = Desk::new();
    let refused = desk.run("ada", &["push", "-", "--save"]);
    assert!(refused.status == 2 && refused.stderr.contains("found standard input"), "{}", refused.stderr);
    assert!(desk.server.seen().is_empty());
}

#[test]
fn the_example_of_this_project_pushes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/push.rs");
    let text = std::fs::read_to_string(path).expect("an example");
    assert!(text.contains("client.create("));
}
