//! The subcommands when everything goes wrong: each fault ends in time, with a status and a remedy, and without a secret.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use super::command::{Desk, MODEL};
use super::people::token_of;
use super::server::{Fault, TestServer};

#[test]
fn every_fault_ends_a_push_with_one_space_at_most_and_no_secret() {
    let elsewhere = TestServer::start();
    let page = |status| Fault::Page(status, None);
    let cases: Vec<(Vec<Fault>, bool)> = vec![
        (vec![Fault::Delay(Duration::from_millis(50))], true),
        (vec![Fault::Page(429, Some(("Retry-After", "1".to_owned()))), page(429)], true),
        (vec![page(500)], false),
        (vec![Fault::PageAfterwards(502)], true),
        (vec![page(503)], true),
        (vec![Fault::Reset], true),
        (vec![Fault::CloseMidBody], true),
        (vec![Fault::HalfTheJson], true),
        (vec![Fault::Drip], true),
        (vec![Fault::Silence(Duration::from_secs(8))], false),
        (vec![Fault::Redirect(307, format!("{}/spaces", elsewhere.url()))], false),
        (vec![Fault::Garbage], false),
        (vec![page(404)], false),
        (vec![page(400)], false),
    ];
    for (faults, succeeds) in cases {
        let desk = Desk::new();
        desk.write("m.toml", MODEL);
        faults.iter().for_each(|fault| desk.server.fault("POST", "/spaces", fault.clone()));
        let answer = desk.run("ada", &["push", "m.toml", "--timeout", "2s"]);
        assert_eq!(answer.status, if succeeds { 0 } else { 2 }, "{faults:?}: {}{}", answer.stdout, answer.stderr);
        assert!(succeeds || answer.stderr.contains("\n  help: "), "{faults:?}: {}", answer.stderr);
        assert!(!answer.stderr.contains('<'), "{faults:?}: {}", answer.stderr);
        assert_eq!(desk.server.rules().spaces.len(), usize::from(succeeds), "{faults:?}: {}", answer.stderr);
    }
    assert!(elsewhere.seen().is_empty());
}

#[test]
fn a_token_is_not_sent_over_plain_http_to_another_machine() {
    let desk = Desk::new();
    desk.write("m.toml", MODEL);
    let mut command = desk.command(&["push", "m.toml", "--api-url", "http://192.0.2.1"]);
    command.env("GUESSTIMATE_TOKEN", token_of("ada"));
    let answer = desk.finish(command.output().expect("a run"));
    assert_eq!(answer.status, 2);
    assert!(answer.stderr.contains("not sent to 192.0.2.1 over plain http"), "{}", answer.stderr);
}

/// Takes one connection, answers it, and returns what it was sent.
fn proxy(answer: &'static [u8]) -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a limit");
        let mut received = Vec::new();
        let mut block = [0; 4096];
        while !received.windows(4).any(|window| window == b"\r\n\r\n") {
            match stream.read(&mut block) {
                Ok(0) | Err(_) => break,
                Ok(len) => received.extend(&block[..len]),
            }
        }
        let _ = stream.write_all(answer);
        String::from_utf8_lossy(&received).into_owned()
    });
    (url, thread)
}

#[test]
fn proxies_of_the_environment_are_used_and_see_no_token() {
    let desk = Desk::new();
    desk.write("m.toml", MODEL);
    let (url, seen) = proxy(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let mut command = desk.command(&["pull", "5", "--api-url", "https://guesstimate.invalid", "--timeout", "5s"]);
    command.env("HTTPS_PROXY", &url).env("GUESSTIMATE_TOKEN", token_of("ada"));
    let answer = desk.finish(command.output().expect("a run"));
    assert_eq!(answer.status, 2, "{}", answer.stderr);
    let seen = seen.join().expect("a proxy");
    assert!(seen.starts_with("CONNECT guesstimate.invalid:443 HTTP/1.1\r\n"), "{seen}");
    assert!(!seen.to_lowercase().contains("bearer"), "{seen}");
}

#[test]
fn requests_to_this_machine_go_through_no_proxy() {
    let (desk, proxy) = (Desk::new(), TestServer::start());
    desk.write("m.toml", MODEL);
    let url = desk.server.url();
    let mut command = desk.command(&["push", "m.toml", "--api-url", &url]);
    command.env("HTTP_PROXY", proxy.url()).env("http_proxy", proxy.url()).env("ALL_PROXY", proxy.url());
    command.env("GUESSTIMATE_TOKEN", token_of("ada"));
    let answer = desk.finish(command.output().expect("a run"));
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    assert!(proxy.seen().is_empty());
}

#[test]
fn names_that_do_not_resolve_and_servers_without_encryption_are_told() {
    let desk = Desk::new();
    desk.write("m.toml", MODEL);
    let run = |url: &str| {
        let mut command = desk.command(&["push", "m.toml", "--api-url", url, "--timeout", "5s"]);
        command.env("GUESSTIMATE_TOKEN", token_of("ada"));
        desk.finish(command.output().expect("a run"))
    };
    let unknown = run("https://guesstimate.invalid");
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("guesstimate.invalid") && unknown.stderr.contains("help: "), "{}", unknown.stderr);
    let (url, server) = proxy(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    let plain = run(&url.replace("http://", "https://"));
    assert_eq!(plain.status, 2);
    assert!(plain.stderr.contains("127.0.0.1") && plain.stderr.contains("help: "), "{}", plain.stderr);
    assert!(!server.join().expect("a server").to_lowercase().contains("bearer"));
}

#[test]
fn a_pull_that_fails_leaves_the_file_as_it_was() {
    let desk = Desk::new();
    desk.write("m.json", "{\"metrics\":[],\"guesstimates\":[]}");
    for fault in [
        Fault::Page(404, None),
        Fault::Page(200, None),
        Fault::HalfTheJson,
        Fault::Redirect(302, "https://x.org/a?b=s3cr3t".to_owned()),
    ] {
        desk.server.fault("GET", "/spaces", fault.clone());
        let answer = desk.run("ada", &["pull", "5", "-o", "m.json"]);
        assert_eq!(answer.status, 2, "{fault:?}");
        assert_eq!(desk.read("m.json"), "{\"metrics\":[],\"guesstimates\":[]}");
    }
}
