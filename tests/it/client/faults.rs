//! The client against a server and a network that fail: nothing hangs, nothing is done twice, no edit is lost.

use std::time::{Duration, Instant};

use tailcast::client::{ClientError, FactDraft, Limits, LinkAction, SpaceDraft, TransportErrorKind};
use tailcast::recorder::{Recorder, Recording};

use super::calls::draft;
use super::people::{SECRET, token_of};
use super::server::{Fault, TestServer};
use super::{client, client_with, limits};

/// Limits that a silent server soon exceeds.
fn short() -> Limits {
    Limits { total: Duration::from_millis(400), ..limits() }
}

/// Far longer than any of the short limits.
const LONG: Duration = Duration::from_secs(8);

fn kind(error: &ClientError) -> Option<TransportErrorKind> {
    match error {
        ClientError::Transport(error) => Some(error.kind),
        _ => None,
    }
}

#[test]
fn reads_are_repeated_until_they_succeed_or_are_given_up() {
    let server = TestServer::start();
    let ada = client(&server, &token_of("ada"));
    let id = ada.create(&draft("a")).expect("a space").id();
    for fault in
        [Fault::Page(500, None), Fault::Page(502, None), Fault::Reset, Fault::CloseAfterwards, Fault::CloseMidBody]
    {
        let before = server.count("GET", "/spaces");
        server.fault("GET", "/spaces", fault.clone());
        server.fault("GET", "/spaces", fault.clone());
        let (ada, wait) = client_with(&server, Some(&token_of("ada")), limits());
        assert!(ada.space(id, None).is_ok(), "{fault:?}");
        assert_eq!(server.count("GET", "/spaces") - before, 3, "{fault:?}");
        assert_eq!(wait.0.lock().expect("a lock").len(), 2);
    }
    (0..4).for_each(|_| server.fault("GET", "/spaces", Fault::Page(500, None)));
    assert_eq!(ada.space(id, None), Err(ClientError::Server { status: 500 }));
}

#[test]
fn writes_are_not_repeated_when_the_server_may_have_done_them() {
    for fault in [Fault::Page(500, None), Fault::PageAfterwards(504), Fault::HalfTheJson] {
        let server = TestServer::start();
        server.fault("POST", "/spaces", fault.clone());
        let result = client(&server, &token_of("ada")).create(&draft("a"));
        assert_eq!(server.count("POST", "/spaces"), 1, "{fault:?}");
        assert_eq!(result.is_ok(), !matches!(fault, Fault::Page(..)), "{fault:?}");
        assert!(server.rules().spaces.len() <= 1, "{fault:?}");
    }
}

#[test]
fn a_create_whose_answer_was_lost_is_found_and_not_repeated() {
    let faults =
        [Fault::CloseAfterwards, Fault::CloseMidBody, Fault::HalfTheJson, Fault::PageAfterwards(502), Fault::Endless];
    for fault in faults {
        let server = TestServer::start();
        let ada = client(&server, &token_of("ada"));
        // One of the same name and graph, long ago, is not the one.
        let older = ada.create(&draft("a")).expect("a space");
        server.rules().now_ms += 3_600_000;
        let is_done = !matches!(fault, Fault::Endless);
        server.fault("POST", "/spaces", fault.clone());
        let result = ada.create(&draft("a"));
        assert_eq!(server.count("POST", "/spaces"), 2, "{fault:?}");
        match result {
            Ok(space) => assert!(is_done && space.id() != older.id(), "{fault:?}"),
            Err(error) => assert!(!is_done && matches!(error, ClientError::Unknown { .. }), "{fault:?}: {error}"),
        }
        assert_eq!(server.rules().spaces.len(), 1 + usize::from(is_done), "{fault:?}");
    }
}

#[test]
fn a_create_that_did_not_arrive_is_repeated_once_after_looking() {
    for fault in [Fault::Reset, Fault::Page(503, None)] {
        let server = TestServer::start();
        server.fault("POST", "/spaces", fault.clone());
        assert!(client(&server, &token_of("ada")).create(&draft("a")).is_ok(), "{fault:?}");
        assert_eq!(server.count("POST", "/spaces"), 2, "{fault:?}");
        assert!(server.count("GET", "/users/1/spaces") >= 1, "{fault:?}");
        assert_eq!(server.rules().spaces.len(), 1, "{fault:?}");
    }
}

#[test]
fn a_lost_create_that_cannot_be_looked_for_is_said_so_and_not_repeated() {
    let server = TestServer::start();
    server.fault("POST", "/spaces", Fault::CloseAfterwards);
    // A token that names nobody: there is no list to look at.
    let error = client(&server, "opaque").create(&draft("a")).expect_err("an error");
    assert!(matches!(error, ClientError::Unknown { .. }), "{error}");
    assert!(error.help().is_some_and(|help| help.contains("tailcast list")));
    assert_eq!(server.count("POST", "/spaces"), 1);
}

#[test]
fn the_server_is_not_asked_sooner_than_it_wants() {
    let server = TestServer::start();
    let wait = |seconds: &str| Fault::Page(429, Some(("Retry-After", seconds.to_owned())));
    server.fault("POST", "/spaces", wait("7"));
    server.fault("POST", "/spaces", wait("Mon, 14 Nov 2023 22:13:40 GMT"));
    let (ada, waits) = client_with(&server, Some(&token_of("ada")), limits());
    assert!(ada.create(&draft("a")).is_ok());
    assert_eq!(server.rules().spaces.len(), 1);
    assert_eq!(*waits.0.lock().expect("a lock"), [Duration::from_secs(7), Duration::from_secs(20)]);
    server.fault("GET", "/users", wait("3600"));
    let error = ada.user().expect_err("busy");
    assert_eq!(error, ClientError::Busy { retry_after: Some(Duration::from_secs(3600)) });
    assert_eq!(error.to_string(), "the server takes no more requests for now, and asks to wait 60 minutes");
}

#[test]
fn nothing_waits_past_the_timeout() {
    let server = TestServer::start();
    let id = client(&server, &token_of("ada")).create(&draft("a")).expect("a space").id();
    for fault in [Fault::Silence(LONG), Fault::Drip, Fault::Delay(LONG)] {
        let (ada, _) = client_with(&server, Some(&token_of("ada")), short());
        server.fault("GET", "/spaces", fault.clone());
        let before = server.count("GET", "/spaces");
        let begin = Instant::now();
        let error = ada.space(id, None).expect_err("a timeout");
        assert_eq!(kind(&error), Some(TransportErrorKind::Timeout), "{fault:?}: {error}");
        assert_eq!(server.count("GET", "/spaces") - before, 1, "{fault:?}");
        // Only that it did not wait for the server: how fast it is, is not asked.
        assert!(begin.elapsed() < LONG, "{fault:?}");
    }
}

#[test]
fn a_slow_create_is_not_made_twice() {
    let server = TestServer::start();
    server.fault("POST", "/spaces", Fault::Drip);
    let (ada, _) = client_with(&server, Some(&token_of("ada")), short());
    let space = ada.create(&draft("a")).expect("the space, found");
    assert_eq!(server.rules().spaces.len(), 1);
    assert_eq!(server.rules().spaces[0].id, space.id());
    server.fault("POST", "/spaces", Fault::Silence(LONG));
    let error = ada.create(&draft("b")).expect_err("not known");
    assert!(matches!(error, ClientError::Unknown { .. }), "{error}");
    assert_eq!(server.count("POST", "/spaces"), 2);
}

#[test]
fn answers_without_end_are_cut_off() {
    let server = TestServer::start();
    server.fault("GET", "/spaces", Fault::Endless);
    let error = client(&server, &token_of("ada")).space(1, None).expect_err("too large");
    assert_eq!(kind(&error), Some(TransportErrorKind::TooLarge), "{error}");
    assert_eq!(server.count("GET", "/spaces"), 1);
}

#[test]
fn what_is_no_answer_is_said_so() {
    let server = TestServer::start();
    let ada = client(&server, &token_of("ada"));
    let id = ada.create(&draft("a")).expect("a space").id();
    server.fault("GET", "/spaces", Fault::Page(200, None));
    let unexpected = |found: &str| ClientError::Unexpected { expected: "a space", found: found.to_owned() };
    assert_eq!(ada.space(id, None), Err(unexpected("a web page")));
    server.fault("GET", "/spaces", Fault::HalfTheJson);
    assert_eq!(ada.space(id, None), Err(unexpected("JSON that breaks off")));
    (0..4).for_each(|_| server.fault("GET", "/spaces", Fault::Garbage));
    let error = ada.space(id, None).expect_err("no HTTP");
    assert!(matches!(kind(&error), Some(TransportErrorKind::Malformed)), "{error}");
    server.fault("GET", "/spaces", Fault::Page(400, None));
    assert_eq!(ada.space(id, None), Err(ClientError::BadRequest { status: 400 }));
}

#[test]
fn no_token_follows_a_redirect_to_another_server() {
    let (server, other) = (TestServer::start(), TestServer::start());
    let ada = client(&server, &token_of("ada"));
    let id = ada.create(&draft("a")).expect("a space").id();
    for status in [301, 302, 303, 307, 308] {
        server.fault("GET", "/spaces", Fault::Redirect(status, format!("{}/spaces/{id}", other.url())));
        assert_eq!(ada.space(id, None), Err(ClientError::Redirected { target: other.url() }), "{status}");
        server.fault("POST", "/spaces", Fault::Redirect(status, format!("{}/spaces", other.url())));
        assert_eq!(ada.create(&draft("b")), Err(ClientError::Redirected { target: other.url() }), "{status}");
    }
    assert!(other.seen().is_empty());
    // Within the server a redirect is followed, but a write never becomes a read.
    server.fault("GET", "/spaces/5", Fault::Redirect(302, format!("/spaces/{id}")));
    assert_eq!(ada.space(5, None).expect("a space").id(), id);
    server.fault("POST", "/spaces", Fault::Redirect(302, "/spaces".to_owned()));
    assert!(matches!(ada.create(&draft("c")), Err(ClientError::Redirected { .. })));
    server.fault("POST", "/spaces", Fault::Redirect(307, "/spaces".to_owned()));
    assert!(ada.create(&draft("c")).is_ok());
    (0..9).for_each(|_| server.fault("GET", "/spaces", Fault::Redirect(302, "/spaces/1".to_owned())));
    assert!(matches!(ada.space(1, None), Err(ClientError::Redirected { .. })));
}

#[test]
fn a_server_that_is_not_there_is_said_so() {
    let url = TestServer::start().url();
    let address = tailcast::client::ApiAddress::parse(&url).expect("an address");
    let token = tailcast::client::Token::new(&token_of("ada")).expect("a token");
    let wait = super::NoWait::default();
    let gone = tailcast::client::Client::new(address, Some(token), super::session(limits(), wait.clone()));
    let error = gone.create(&draft("a")).expect_err("nobody there");
    assert_eq!(kind(&error), Some(TransportErrorKind::Connect), "{error}");
    // It surely did not arrive, so that it was sent again.
    assert_eq!(wait.0.lock().expect("a lock").len(), 3);
    assert!(!format!("{error} {error:?}").contains(SECRET));
}

#[test]
fn an_update_whose_answer_was_lost_is_looked_at_and_never_overwrites() {
    for fault in [Fault::CloseAfterwards, Fault::CloseMidBody, Fault::PageAfterwards(502), Fault::Reset] {
        let server = TestServer::start();
        let ada = client(&server, &token_of("ada"));
        let space = ada.create(&draft("a")).expect("a space");
        server.fault("PATCH", "/spaces", fault.clone());
        let is_done = !matches!(fault, Fault::Reset);
        assert_eq!(ada.update(&space, &draft("b")).expect("a space").name(), "b", "{fault:?}");
        assert_eq!(server.count("PATCH", "/spaces"), if is_done { 1 } else { 2 }, "{fault:?}");
    }
    let server = TestServer::start();
    let ada = client(&server, &token_of("ada"));
    let space = ada.create(&SpaceDraft { organization_id: Some(10), ..draft("a") }).expect("a space");
    server.rules().edit(space.id(), 1, |space| space.name = Some("my own later edit".to_owned()));
    server.fault("PATCH", "/spaces", Fault::Reset);
    match ada.update(&space, &draft("b")) {
        Err(ClientError::Conflict { current }) => assert_eq!(current.name(), "my own later edit"),
        other => panic!("{other:?}"),
    }
    assert_eq!(server.rules().spaces[0].name.as_deref(), Some("my own later edit"));
}

#[test]
fn deletions_copies_links_and_facts_survive_a_lost_answer() {
    let server = TestServer::start();
    let ada = client(&server, &token_of("ada"));
    let space = ada.create(&SpaceDraft { is_private: Some(true), ..draft("a") }).expect("a space");
    for action in [LinkAction::Enable, LinkAction::Rotate] {
        server.fault("PATCH", "/spaces", Fault::CloseAfterwards);
        assert!(ada.share(space.id(), action).expect("a link").share_token().is_some());
    }
    let public = ada.create(&draft("b")).expect("a space");
    server.fault("POST", "/spaces/", Fault::CloseAfterwards);
    let copy = client(&server, &token_of("bob")).copy(public.id()).expect("a copy");
    assert_ne!(copy.id(), public.id());
    assert_eq!(server.count("POST", "/spaces/"), 1);
    server.fault("DELETE", "/spaces", Fault::CloseAfterwards);
    assert_eq!(ada.delete(public.id()), Ok(()));
    let mut recorder = Recorder::new();
    let moments = recorder.record(&[1.0, 2.0]);
    let fact = FactDraft::new("x", "x", &Recording::from_recorders([&recorder], moments)).expect("a fact");
    server.fault("POST", "/organizations", Fault::CloseAfterwards);
    assert!(ada.push_fact(10, None, &fact).is_ok());
    assert_eq!(server.rules().facts.len(), 1);
}
