//! Every call of the client against the rules of the server.

use serde_json::{Value, json};
use tailcast::client::{
    Client, ClientError, FactDraft, LinkAction, Membership, Refusal, Space, SpaceDraft, SpaceReference, Token,
};
use tailcast::recorder::{Recorder, Recording};

use super::people::token_of;
use super::server::TestServer;
use super::{client, client_with, limits};

pub(super) fn draft(name: &str) -> SpaceDraft {
    let graph = json!({
        "metrics": [{"id": "a", "readableId": "AA", "name": "a", "location": {"row": 1, "column": 1}}],
        "guesstimates": [{"metric": "a", "expression": "5 to 10", "guesstimateType": "LOGNORMAL"}],
    });
    SpaceDraft {
        name: Some(name.to_owned()),
        description: Some(String::new()),
        is_private: Some(false),
        graph: Some(graph),
        ..SpaceDraft::default()
    }
}

fn created(client: &Client, draft: &SpaceDraft) -> Space {
    client.create(draft).expect("a space")
}

#[test]
fn a_space_is_created_read_changed_and_deleted() {
    let server = TestServer::start();
    let ada = client(&server, &token_of("ada"));
    let space = created(&ada, &draft("storage"));
    assert_eq!((space.name(), space.is_private()), ("storage", Some(false)));
    let request = &server.seen()[0];
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("authorization"), Some(format!("Bearer {}", token_of("ada")).as_str()));
    let read = ada.space(space.id(), None).expect("a space");
    assert_eq!(read.graph(), space.graph());
    let changed = ada.update(&read, &draft("renamed")).expect("a space");
    assert_eq!(changed.name(), "renamed");
    assert_ne!(changed.updated_at(), read.updated_at());
    ada.delete(space.id()).expect("a deletion");
    assert_eq!(ada.space(space.id(), None), Err(ClientError::NotFound { what: format!("space {}", space.id()) }));
    assert_eq!(ada.delete(space.id()), Err(ClientError::NotFound { what: format!("space {}", space.id()) }));
}

#[test]
fn without_a_token_public_spaces_are_read_and_nothing_is_written() {
    let server = TestServer::start();
    let space = created(&client(&server, &token_of("ada")), &draft("public"));
    let (anyone, _) = client_with(&server, None, limits());
    assert!(anyone.space(space.id(), None).is_ok());
    let before = server.seen().len();
    assert_eq!(anyone.create(&draft("x")), Err(ClientError::TokenMissing));
    assert_eq!(anyone.delete(space.id()), Err(ClientError::TokenMissing));
    assert_eq!(server.seen().len(), before);
}

#[test]
fn reasons_of_a_refusal_are_told_apart() {
    let server = TestServer::start();
    let ada = client(&server, &token_of("ada"));
    let private = created(&ada, &SpaceDraft { is_private: Some(true), ..draft("private") });
    let refusal = |client: &Client| match client.space(private.id(), None) {
        Err(ClientError::Unauthorized { refusal, .. }) => refusal,
        other => panic!("{other:?}"),
    };
    assert_eq!(refusal(&client_with(&server, None, limits()).0), Refusal::NoToken);
    assert_eq!(refusal(&client(&server, &token_of("bob"))), Refusal::NotPermitted);
    // A signature that the server does not accept, of a user that it knows.
    let mut forged = token_of("ada");
    forged.push('x');
    assert_eq!(refusal(&client(&server, &forged)), Refusal::NotAccepted);
    assert_eq!(refusal(&client(&server, &token_of("nobody"))), Refusal::NotAccepted);
    assert_eq!(refusal(&client(&server, "opaque")), Refusal::Unknown);
    let error = client(&server, &token_of("bob")).space(private.id(), None).expect_err("a refusal");
    assert_eq!(error.to_string(), format!("you have no right to read space {}", private.id()));
}

#[test]
fn a_write_by_someone_else_is_refused() {
    let server = TestServer::start();
    let space = created(&client(&server, &token_of("ada")), &draft("mine"));
    let bob = client(&server, &token_of("bob"));
    for result in [bob.update(&space, &draft("his")).map(drop), bob.delete(space.id())] {
        assert!(matches!(result, Err(ClientError::Unauthorized { refusal: Refusal::NotPermitted, .. })), "{result:?}");
    }
    assert_eq!(server.rules().spaces[0].name.as_deref(), Some("mine"));
}

#[test]
fn an_expired_token_is_said_so_before_any_request() {
    let server = TestServer::start();
    let expired = super::people::token("auth0|ada", 1_000_000_000);
    let error = client(&server, &expired).create(&draft("x")).expect_err("expired");
    assert!(matches!(error, ClientError::TokenExpired { .. }), "{error:?}");
    assert!(server.seen().is_empty());
}

#[test]
fn plan_limits_are_refused_by_the_server_and_foreseen_here() {
    let server = TestServer::start();
    let bob = client(&server, &token_of("bob"));
    let private = SpaceDraft { is_private: Some(true), ..draft("private") };
    match bob.create(&private) {
        Err(error @ ClientError::Invalid { .. }) => assert!(error.help().is_some_and(|help| help.contains("plan"))),
        other => panic!("{other:?}"),
    }
    let foreseen = ClientError::NoPrivateSpaces { owner: "Bob".to_owned(), limit: 0, count: 0 };
    assert_eq!(bob.check_private_room(), Err(foreseen));
    let ada = client(&server, &token_of("ada"));
    assert_eq!(ada.check_private_room(), Ok(()));
    created(&ada, &private);
    created(&ada, &private);
    assert!(matches!(ada.check_private_room(), Err(ClientError::NoPrivateSpaces { limit: 2, count: 2, .. })));
}

#[test]
fn privacy_is_said_and_not_left_to_the_plan() {
    let server = TestServer::start();
    let ada = client(&server, &token_of("ada"));
    let left = created(&ada, &SpaceDraft { is_private: None, ..draft("left to the server") });
    assert_eq!(left.is_private(), Some(true));
    assert_eq!(created(&ada, &draft("said")).is_private(), Some(false));
}

#[test]
fn an_edit_of_someone_else_is_a_conflict_with_the_space_as_it_is() {
    let server = TestServer::start();
    let ada = client(&server, &token_of("ada"));
    let space = created(&ada, &SpaceDraft { organization_id: Some(10), ..draft("ours") });
    server.rules().edit(space.id(), 2, |space| space.name = Some("edited by Bob".to_owned()));
    match ada.update(&space, &draft("edited by Ada")) {
        Err(ClientError::Conflict { current }) => assert_eq!(current.name(), "edited by Bob"),
        other => panic!("{other:?}"),
    }
    let current = ada.space(space.id(), None).expect("a space");
    assert_eq!(current.name(), "edited by Bob");
    assert_eq!(ada.update(&current, &draft("after Bob")).expect("a space").name(), "after Bob");
}

#[test]
fn an_update_keeps_what_it_does_not_say() {
    let server = TestServer::start();
    let ada = client(&server, &token_of("ada"));
    let space = created(&ada, &SpaceDraft { description: Some("kept".to_owned()), ..draft("a") });
    let change = SpaceDraft { name: Some("b".to_owned()), ..SpaceDraft::default() };
    let changed = ada.update(&space, &change).expect("a space");
    assert_eq!((changed.name(), changed.description(), changed.graph()), ("b", "kept", space.graph()));
}

#[test]
fn copies_go_to_the_copier() {
    let server = TestServer::start();
    let space = created(&client(&server, &token_of("ada")), &draft("original"));
    let copy = client(&server, &token_of("bob")).copy(space.id()).expect("a copy");
    assert_ne!(copy.id(), space.id());
    assert_eq!((copy.name(), copy.is_private()), ("original", Some(false)));
}

#[test]
fn a_copy_that_is_there_although_the_server_says_no_is_found_and_not_repeated() {
    let server = TestServer::start();
    let ada = client(&server, &token_of("ada"));
    let space = created(&ada, &SpaceDraft { is_private: Some(true), ..draft("original") });
    // The copy takes the last private place, is saved twice, and then counts itself.
    let copy = ada.copy(space.id()).expect("a copy");
    assert_ne!(copy.id(), space.id());
    assert_eq!(server.count("POST", "/spaces/"), 1);
    assert_eq!(server.rules().spaces.len(), 2);
}

#[test]
fn share_links_are_enabled_rotated_disabled_and_read_by() {
    let server = TestServer::start();
    let ada = client(&server, &token_of("ada"));
    let space = created(&ada, &SpaceDraft { is_private: Some(true), ..draft("shared") });
    let rotate = ada.share(space.id(), LinkAction::Rotate);
    assert_eq!(rotate, Err(ClientError::Invalid { errors: Vec::new() }));
    let enabled = ada.share(space.id(), LinkAction::Enable).expect("a link");
    let token = enabled.share_token().expect("a token").to_owned();
    let again = ada.share(space.id(), LinkAction::Enable).expect("a link");
    assert_eq!(again.share_token(), Some(token.as_str()));
    let address = format!("{}/models/{}?token={token}", server.url(), space.id());
    let reference = SpaceReference::parse(&address).expect("a space");
    let (anyone, _) = client_with(&server, None, limits());
    let shared = anyone.space(reference.id, reference.share_token.as_ref()).expect("a space");
    assert_eq!(shared.share_token(), None);
    let rotated = ada.share(space.id(), LinkAction::Rotate).expect("a link");
    assert_ne!(rotated.share_token(), Some(token.as_str()));
    assert!(anyone.space(reference.id, reference.share_token.as_ref()).is_err());
    let disabled = ada.share(space.id(), LinkAction::Disable).expect("no link");
    assert_eq!(disabled.share_token(), None);
    let public = created(&ada, &draft("public"));
    let error = ada.share(public.id(), LinkAction::Enable).expect_err("public");
    assert!(error.help().is_some_and(|help| help.contains("only private spaces")), "{error}");
}

#[test]
fn lists_have_no_graphs_and_only_what_may_be_seen() {
    let server = TestServer::start();
    let ada = client(&server, &token_of("ada"));
    created(&ada, &draft("public"));
    created(&ada, &SpaceDraft { is_private: Some(true), ..draft("private") });
    created(&ada, &SpaceDraft { organization_id: Some(10), ..draft("ours") });
    let user = ada.user().expect("a user");
    assert_eq!((user.id, user.name.as_str()), (1, "Ada"));
    let names = |spaces: Result<Vec<Space>, ClientError>| {
        let spaces = spaces.expect("a list");
        assert!(spaces.iter().all(|space| space.graph().is_none()));
        spaces.iter().map(|space| space.name().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(ada.spaces_of_user(1)), ["public", "private"]);
    assert_eq!(names(client(&server, &token_of("bob")).spaces_of_user(1)), ["public"]);
    assert_eq!(names(ada.spaces_of_organization(10)), ["ours"]);
    assert_eq!(names(client_with(&server, None, limits()).0.spaces_of_organization(10)), ["ours"]);
}

#[test]
fn memberships_are_known() {
    let server = TestServer::start();
    let membership = |user: &str, organization| client(&server, &token_of(user)).membership(organization);
    assert_eq!(membership("ada", 10), Ok(Membership::Member));
    assert_eq!(membership("bob", 11), Ok(Membership::Stranger));
    assert_eq!(membership("cleo", 10), Ok(Membership::Stranger));
}

fn recording(values: &[f64]) -> Recording {
    let mut recorder = Recorder::new();
    let moments = recorder.record(values);
    Recording::from_recorders([&recorder], moments)
}

#[test]
fn facts_are_written_by_the_token_of_the_organization_and_replaced_by_name() {
    let server = TestServer::start();
    let (anyone, _) = client_with(&server, None, limits());
    let token = Token::new("s3cr3t-organization-token").expect("a token");
    let fact = |values: &[f64]| FactDraft::new("p99", "p99_ns", &recording(values)).expect("a fact");
    let first = anyone.push_fact(10, Some(&token), &fact(&[1.0, 2.0, 3.0])).expect("a fact");
    let second = anyone.push_fact(10, Some(&token), &fact(&[4.0, 5.0, 6.0])).expect("a fact");
    assert_eq!(first, second);
    let facts = anyone.facts(10, Some(&token)).expect("facts");
    assert_eq!(facts, [first]);
    assert_eq!(server.rules().facts[0].1["simulation"]["stats"]["mean"], 5.0);
    let seen = server.seen();
    assert!(seen.iter().all(|request| request.header("authorization").is_none()));
    // Another organization's token, and a member's own.
    let refused = anyone.push_fact(11, Some(&token), &fact(&[1.0, 2.0]));
    assert!(matches!(refused, Err(ClientError::Unauthorized { refusal: Refusal::ApiToken, .. })), "{refused:?}");
    let bob = client(&server, &token_of("bob"));
    assert!(bob.push_fact(10, None, &fact(&[1.0, 2.0])).is_ok());
    assert!(client(&server, &token_of("cleo")).push_fact(10, None, &fact(&[1.0, 2.0])).is_err());
}

#[test]
fn bodies_that_the_server_fails_on_are_never_sent() {
    let server = TestServer::start();
    let ada = client(&server, &token_of("ada"));
    let space = created(&ada, &draft("a"));
    ada.update(&space, &draft("b")).expect("a space");
    let bodies: Vec<Value> = server.seen().iter().filter_map(|seen| serde_json::from_slice(&seen.body).ok()).collect();
    assert!(bodies[0]["space"].get("previous_updated_at").is_none());
    assert_eq!(bodies[1]["space"]["previous_updated_at"].as_str(), space.updated_at());
    assert!(bodies.iter().all(|body| body["space"]["is_private"].is_boolean()));
}
