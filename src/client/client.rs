//! The typed calls. Each says what it wants, and what becomes of it when the answer is lost.
//!
//! | call | answer lost |
//! |---|---|
//! | reading | asked again |
//! | create | looked for among the owner's spaces; asked again once if it is not there and the connection broke |
//! | update | the space is read: it is as wanted, or unchanged and asked again once, or someone else's edit |
//! | copy | looked for; never asked again |
//! | delete, share, facts | asked again once: doing them twice is doing them once |

use std::time::Instant;

use serde_json::Value;

use super::account::{Membership, Plan, User, items};
use super::address::ApiAddress;
use super::error::{ClientError, Refusal};
use super::fact::{Fact, FactDraft};
use super::http_date;
use super::request::{Credential, Method, Request, Response, TransportErrorKind};
use super::session::{Session, check_status, document};
use super::space::{Space, SpaceDraft};
use super::token::Token;

/// How often a space is looked for whose creation was not answered.
const LOOKS: u32 = 3;

/// Most spaces of one list whose graphs are fetched and compared.
const CANDIDATES_MAX: usize = 5;

/// Seconds by which times of the server may be off: they are whole, and its machines differ.
const CLOCK_SLACK_SECONDS: u64 = 2;

/// What to do with the share link of a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkAction {
    /// Make a link, or keep the one that is there.
    Enable,
    /// Make the link invalid.
    Disable,
    /// Replace the link by a new one.
    Rotate,
}

impl LinkAction {
    const fn route(self) -> &'static str {
        match self {
            Self::Enable => "enable_shareable_link",
            Self::Disable => "disable_shareable_link",
            Self::Rotate => "rotate_shareable_link",
        }
    }
}

/// A Guesstimate server, as one user sees it.
#[derive(Debug)]
pub struct Client {
    address: ApiAddress,
    token: Option<Token>,
    session: Session,
}

impl Client {
    /// Client of a server; without a token it reads what is public or shared.
    #[must_use]
    pub const fn new(address: ApiAddress, token: Option<Token>, session: Session) -> Self {
        Self { address, token, session }
    }

    /// The server.
    #[must_use]
    pub const fn address(&self) -> &ApiAddress {
        &self.address
    }

    /// Reads a space.
    ///
    /// # Parameters
    /// - `share`: token of its share link, if it is to be read by that.
    ///
    /// # Errors
    /// [`ClientError`]; of 401 the reason is found out as far as possible.
    pub fn space(&self, id: u64, share: Option<&Token>) -> Result<Space, ClientError> {
        let mut request = self.request(Method::Get, &["spaces", &id.to_string()], None);
        request.credentials.extend(share.cloned().map(Credential::Share));
        let response = self.session.send(&request)?;
        let result = document(&response, "a space", &format!("read space {id}"));
        self.explained(result.and_then(Space::from_value)).map_err(|error| match error {
            ClientError::NotFound { .. } => ClientError::NotFound { what: format!("space {id}") },
            other => other,
        })
    }

    /// The request that creates a space.
    #[must_use]
    pub fn creation(&self, draft: &SpaceDraft) -> Request {
        self.request(Method::Post, &["spaces"], Some(draft.creation()))
    }

    /// Creates a space, once.
    ///
    /// # Errors
    /// [`ClientError`]; [`ClientError::Unknown`] if the answer was lost, and no such space was found.
    pub fn create(&self, draft: &SpaceDraft) -> Result<Space, ClientError> {
        let request = self.creation(draft);
        let begin = Instant::now();
        let lost = match self.write(&request, "create a space") {
            Err(error) if is_lost(&error) => error,
            result => return self.explained(result.and_then(Space::from_value)),
        };
        let wanted = Wanted { name: draft.name.as_deref(), graph: draft.graph.as_ref(), begin };
        if let Some(space) = self.look_for(&wanted, draft.organization_id, &lost)? {
            return Ok(space);
        }
        if !may_ask_again(&lost) {
            return Err(unknown("the creation of the space", lost));
        }
        match self.write(&request, "create a space") {
            Err(error) if is_lost(&error) => {
                let found = self.look_for(&wanted, draft.organization_id, &error)?;
                found.ok_or_else(|| unknown("the creation of the space", error))
            }
            result => self.explained(result.and_then(Space::from_value)),
        }
    }

    /// The request that changes a space.
    ///
    /// # Parameters
    /// - `previous_updated_at`: of the version that the change is based on, as the server gave it.
    #[must_use]
    pub fn change(&self, id: u64, draft: &SpaceDraft, previous_updated_at: Option<&str>) -> Request {
        self.request(Method::Patch, &["spaces", &id.to_string()], Some(draft.change(previous_updated_at)))
    }

    /// Changes a space, if it still is the version that the change is based on.
    ///
    /// # Parameters
    /// - `base`: that version.
    ///
    /// # Errors
    /// [`ClientError::Conflict`] with the space as it is, if someone changed it in the meantime; else [`ClientError`].
    pub fn update(&self, base: &Space, draft: &SpaceDraft) -> Result<Space, ClientError> {
        let id = base.id();
        let request = self.change(id, draft, base.updated_at());
        let what = format!("change space {id}");
        let lost = match self.write(&request, &what) {
            Err(error) if is_lost(&error) => error,
            result => return self.explained(result.and_then(Space::from_value)),
        };
        self.session.back_off(1);
        let Ok(current) = self.space(id, None) else { return Err(unknown("the change of the space", lost)) };
        if is_as_wanted(&current, draft) {
            return Ok(current);
        }
        if current.updated_at() != base.updated_at() {
            return Err(ClientError::Conflict { current: Box::new(current) });
        }
        if !may_ask_again(&lost) {
            return Err(unknown("the change of the space", lost));
        }
        match self.write(&request, &what) {
            Err(error) if is_lost(&error) => match self.space(id, None) {
                Ok(current) if is_as_wanted(&current, draft) => Ok(current),
                _ => Err(unknown("the change of the space", error)),
            },
            result => self.explained(result.and_then(Space::from_value)),
        }
    }

    /// The request that deletes a space.
    #[must_use]
    pub fn deletion(&self, id: u64) -> Request {
        self.request(Method::Delete, &["spaces", &id.to_string()], None)
    }

    /// Deletes a space.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn delete(&self, id: u64) -> Result<(), ClientError> {
        let request = self.deletion(id);
        let what = format!("delete space {id}");
        let delete = || {
            self.require_token()?;
            check_status(&self.session.send(&request)?, &what)
        };
        let result = match delete() {
            Err(error) if is_lost(&error) => {
                self.session.back_off(1);
                match delete() {
                    // The first request did it.
                    Err(ClientError::NotFound { .. }) => Ok(()),
                    Err(error) if is_lost(&error) => Err(unknown("the deletion", error)),
                    result => result,
                }
            }
            result => result,
        };
        self.explained(result).map_err(|error| match error {
            ClientError::NotFound { .. } => ClientError::NotFound { what: format!("space {id}") },
            other => other,
        })
    }

    /// The request that copies a space.
    #[must_use]
    pub fn copying(&self, id: u64) -> Request {
        self.request(Method::Post, &["spaces", &id.to_string(), "copies"], None)
    }

    /// Copies a space into one of your own, or of your organization.
    ///
    /// # Errors
    /// [`ClientError`]; a copy that takes the last private place is answered as invalid by the server, and found here.
    pub fn copy(&self, id: u64) -> Result<Space, ClientError> {
        let begin = Instant::now();
        let failed = match self.write(&self.copying(id), &format!("copy space {id}")) {
            Err(error) if is_lost(&error) || matches!(error, ClientError::Invalid { .. }) => error,
            result => return self.explained(result.and_then(Space::from_value)),
        };
        let original = self.space(id, None)?;
        let graph = original.graph().map(|graph| Value::Object(graph.clone()));
        let wanted = Wanted { name: Some(original.name()), graph: graph.as_ref(), begin };
        let mut found = self.look_for(&wanted, None, &failed)?;
        if let (None, Some(organization)) = (&found, original.organization_id()) {
            found = self.look_for(&wanted, Some(organization), &failed)?;
        }
        match found {
            Some(space) => Ok(space),
            None if is_lost(&failed) => Err(unknown("the copy", failed)),
            None => Err(failed),
        }
    }

    /// The request that changes the share link of a space.
    #[must_use]
    pub fn linking(&self, id: u64, action: LinkAction) -> Request {
        self.request(Method::Patch, &["spaces", &id.to_string(), action.route()], None)
    }

    /// Changes the share link of a space.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn share(&self, id: u64, action: LinkAction) -> Result<Space, ClientError> {
        let request = self.linking(id, action);
        let what = format!("share space {id}");
        let result = match self.write(&request, &what) {
            Err(error) if is_lost(&error) => {
                self.session.back_off(1);
                self.write(&request, &what)
            }
            result => result,
        };
        self.explained(result.and_then(Space::from_value))
    }

    /// The spaces of a user, without their graphs: all of your own, the public ones of others.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn spaces_of_user(&self, user: u64) -> Result<Vec<Space>, ClientError> {
        Ok(self.list(&["users", &user.to_string(), "spaces"], &format!("user {user}"))?.0)
    }

    /// The spaces of an organization, without their graphs: all if you are a member, the public ones otherwise.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn spaces_of_organization(&self, organization: u64) -> Result<Vec<Space>, ClientError> {
        let what = format!("organization {organization}");
        Ok(self.list(&["organizations", &organization.to_string(), "spaces"], &what)?.0)
    }

    /// The user that the token names.
    ///
    /// # Errors
    /// [`ClientError::TokenMissing`]; [`ClientError::Unexpected`] if the token names nobody that the server knows.
    pub fn user(&self) -> Result<User, ClientError> {
        let token = self.token.as_ref().ok_or(ClientError::TokenMissing)?;
        let unexpected =
            |found: &str| ClientError::Unexpected { expected: "the user of the token", found: found.to_owned() };
        let subject = token.subject().ok_or_else(|| unexpected("a token that names nobody"))?;
        let request = self.get(&["users"], &[("auth0_id", &subject)]);
        let response = self.session.send(&request)?;
        if response.status == 400 {
            return Err(unexpected("nobody of that name"));
        }
        let value = document(&response, "the user of the token", "user of the token")?;
        User::from_value(&value).ok_or_else(|| unexpected("nobody of that name"))
    }

    /// Whether you are a member of an organization.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn membership(&self, organization: u64) -> Result<Membership, ClientError> {
        let user = self.user()?;
        let request = self.get(&["users", &user.id.to_string(), "memberships"], &[]);
        let value = document(&self.session.send(&request)?, "a list of memberships", "list of memberships")?;
        Ok(Membership::in_list(&value, organization))
    }

    /// Fails if your plan has no room for another private space, as far as the server tells.
    ///
    /// # Errors
    /// [`ClientError::NoPrivateSpaces`]. That the plan can't be found out is no error: the server checks it, too.
    pub fn check_private_room(&self) -> Result<(), ClientError> {
        let Ok(user) = self.user() else { return Ok(()) };
        let plan = user.plan.unwrap_or(Plan { private_limit: None, private_count: None });
        match (plan.private_limit, plan.private_count) {
            (Some(limit), Some(count)) if count >= limit => {
                Err(ClientError::NoPrivateSpaces { owner: user.name, limit, count })
            }
            _ => Ok(()),
        }
    }

    /// The facts of an organization.
    ///
    /// # Parameters
    /// - `token`: of the organization; without one the user's is taken.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn facts(&self, organization: u64, token: Option<&Token>) -> Result<Vec<Fact>, ClientError> {
        let request = self.fact_request(Method::Get, organization, token, None, None);
        let what = format!("read the facts of organization {organization}");
        let value = self.fact_explained(token, document(&self.session.send(&request)?, "a list of facts", &what))?;
        let unexpected = || ClientError::Unexpected { expected: "a list of facts", found: "something else".to_owned() };
        items(&value).ok_or_else(unexpected)?.iter().map(|fact| Fact::from_value(fact).ok_or_else(unexpected)).collect()
    }

    /// The request that writes a fact: a new one, or the one with this id.
    #[must_use]
    pub fn fact_writing(
        &self,
        organization: u64,
        token: Option<&Token>,
        draft: &FactDraft,
        id: Option<u64>,
    ) -> Request {
        let method = if id.is_some() { Method::Patch } else { Method::Post };
        self.fact_request(method, organization, token, id, Some(draft.body()))
    }

    /// Writes a fact: replaces the one of its variable name, or makes a new one.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn push_fact(&self, organization: u64, token: Option<&Token>, draft: &FactDraft) -> Result<Fact, ClientError> {
        match self.push_fact_once(organization, token, draft) {
            Err(error) if is_lost(&error) => {
                self.session.back_off(1);
                // If the first request did it, the fact is now found and replaced by the same.
                self.push_fact_once(organization, token, draft)
            }
            result => result,
        }
    }

    fn push_fact_once(&self, organization: u64, token: Option<&Token>, draft: &FactDraft) -> Result<Fact, ClientError> {
        let facts = self.facts(organization, token)?;
        let present = facts.iter().find(|fact| fact.variable_name == draft.variable_name).map(|fact| fact.id);
        let request = self.fact_writing(organization, token, draft, present);
        let what = format!("write facts of organization {organization}");
        let value = document(&self.session.send(&request)?, "a fact", &what);
        let unexpected = || ClientError::Unexpected { expected: "a fact", found: "something else".to_owned() };
        self.fact_explained(token, value.and_then(|value| Fact::from_value(&value).ok_or_else(unexpected)))
    }

    /// As [`Self::explained`], where a token of an organization may be the one that was refused.
    fn fact_explained<T>(&self, token: Option<&Token>, result: Result<T, ClientError>) -> Result<T, ClientError> {
        match (token, result) {
            (Some(_), Err(ClientError::Unauthorized { what, .. })) => {
                Err(ClientError::Unauthorized { what, refusal: Refusal::ApiToken })
            }
            (_, result) => self.explained(result),
        }
    }

    fn fact_request(
        &self,
        method: Method,
        organization: u64,
        token: Option<&Token>,
        id: Option<u64>,
        body: Option<Value>,
    ) -> Request {
        let (organization, id) = (organization.to_string(), id.map(|id| id.to_string()));
        let mut segments = vec!["organizations", &organization, "facts"];
        segments.extend(id.as_deref());
        let mut request = self.request(method, &segments, body);
        if let Some(token) = token {
            request.credentials = vec![Credential::Organization(token.clone())];
        }
        request
    }

    /// A request with the user's token, if there is one.
    fn request(&self, method: Method, segments: &[&str], body: Option<Value>) -> Request {
        let credentials = self.token.iter().cloned().map(Credential::User).collect();
        Request { method, url: self.address.resource(segments, &[]), credentials, body }
    }

    fn get(&self, segments: &[&str], query: &[(&str, &str)]) -> Request {
        Request { url: self.address.resource(segments, query), ..self.request(Method::Get, segments, None) }
    }

    const fn require_token(&self) -> Result<(), ClientError> {
        if self.token.is_some() { Ok(()) } else { Err(ClientError::TokenMissing) }
    }

    /// Sends a write, and reads the document that it answers.
    fn write(&self, request: &Request, what: &str) -> Result<Value, ClientError> {
        self.require_token()?;
        document(&self.session.send(request)?, "a space", what)
    }

    /// Spaces of a list, and the answer that they came in.
    fn list(&self, segments: &[&str], what: &str) -> Result<(Vec<Space>, Response), ClientError> {
        let mut response = self.session.send(&self.get(segments, &[]))?;
        let value = self.explained(document(&response, "a list of spaces", what))?;
        let unexpected =
            || ClientError::Unexpected { expected: "a list of spaces", found: "something else".to_owned() };
        let entries = items(&value).ok_or_else(unexpected)?;
        response.body = Vec::new();
        let spaces = entries.iter().cloned().map(Space::from_value).collect::<Result<_, _>>()?;
        Ok((spaces, response))
    }

    /// Looks a few times for a space whose creation was not answered. `None`: it is surely not there yet.
    fn look_for(
        &self,
        wanted: &Wanted<'_>,
        organization: Option<u64>,
        lost: &ClientError,
    ) -> Result<Option<Space>, ClientError> {
        let cannot_look = |_| unknown("the creation of the space", lost.clone());
        for look in 1..=LOOKS {
            self.session.back_off(look);
            if let Some(space) = self.look_once(wanted, organization).map_err(cannot_look)? {
                return Ok(Some(space));
            }
        }
        Ok(None)
    }

    fn look_once(&self, wanted: &Wanted<'_>, organization: Option<u64>) -> Result<Option<Space>, ClientError> {
        let (kind, owner) = match organization {
            Some(organization) => ("organizations", organization),
            None => ("users", self.user()?.id),
        };
        let (mut spaces, response) = self.list(&[kind, &owner.to_string(), "spaces"], "list of spaces")?;
        let now = response.date.as_deref().and_then(http_date::seconds).or_else(http_date::now);
        let earliest = now.unwrap_or(0).saturating_sub(wanted.begin.elapsed().as_secs() + CLOCK_SLACK_SECONDS);
        spaces.retain(|space| {
            let created = space.created_at().and_then(http_date::seconds_of_timestamp);
            wanted.name.is_none_or(|name| name == space.name()) && created.is_some_and(|created| created >= earliest)
        });
        spaces.sort_by_key(|space| std::cmp::Reverse(space.id()));
        for candidate in spaces.iter().take(CANDIDATES_MAX) {
            let space = self.space(candidate.id(), None)?;
            let graph = space.graph().map(|graph| Value::Object(graph.clone()));
            if wanted.graph.is_none_or(|wanted| graph.is_some_and(|graph| is_same(wanted, &graph))) {
                return Ok(Some(space));
            }
        }
        Ok(None)
    }

    /// The result, with the reason of a 401 found out as far as possible.
    fn explained<T>(&self, result: Result<T, ClientError>) -> Result<T, ClientError> {
        match result {
            Err(ClientError::Unauthorized { what, refusal: Refusal::Unknown }) => {
                Err(ClientError::Unauthorized { what, refusal: self.refusal() })
            }
            result => result,
        }
    }

    /// Why the server answers 401: users see their own plan, and nobody else's.
    fn refusal(&self) -> Refusal {
        if self.token.is_none() {
            return Refusal::NoToken;
        }
        let user = match self.user() {
            Ok(user) => user,
            Err(ClientError::Unexpected { .. })
                if self.token.as_ref().is_some_and(|token| token.subject().is_some()) =>
            {
                return Refusal::NotAccepted;
            }
            Err(_) => return Refusal::Unknown,
        };
        let request = self.get(&["users", &user.id.to_string()], &[]);
        let own = self.session.send(&request).ok().and_then(|response| document(&response, "a user", "user").ok());
        match own.as_ref().and_then(User::from_value) {
            Some(user) if user.plan.is_some() => Refusal::NotPermitted,
            Some(_) => Refusal::NotAccepted,
            None => Refusal::Unknown,
        }
    }
}

/// A space that is looked for.
struct Wanted<'a> {
    name: Option<&'a str>,
    graph: Option<&'a Value>,
    /// When its creation was asked for.
    begin: Instant,
}

/// Whether a write may have been done although it failed.
const fn is_lost(error: &ClientError) -> bool {
    match error {
        ClientError::Transport(error) => !error.surely_not_sent,
        ClientError::Server { .. } | ClientError::Unexpected { .. } => true,
        _ => false,
    }
}

/// Whether a write that left no trace may be sent again: not to a server that is slow, or that failed on it.
const fn may_ask_again(lost: &ClientError) -> bool {
    match lost {
        ClientError::Transport(error) => matches!(error.kind, TransportErrorKind::Interrupted),
        ClientError::Server { status } => matches!(status, 502 | 503),
        _ => false,
    }
}

/// The error of a write of which it is not known whether it was done. A server that says that it failed is believed.
fn unknown(what: &str, lost: ClientError) -> ClientError {
    match lost {
        ClientError::Server { status: 500 } => lost,
        lost => ClientError::Unknown { what: what.to_owned(), reason: lost.to_string() },
    }
}

/// Whether a space is what a change wanted to make of it.
fn is_as_wanted(space: &Space, draft: &SpaceDraft) -> bool {
    let graph = space.graph().map(|graph| Value::Object(graph.clone()));
    draft.name.as_deref().is_none_or(|name| name == space.name())
        && draft.description.as_deref().is_none_or(|description| description == space.description())
        && draft.is_private.is_none_or(|is_private| space.is_private() == Some(is_private))
        && draft.graph.as_ref().is_none_or(|wanted| graph.is_some_and(|graph| is_same(wanted, &graph)))
}

/// Whether two documents say the same: numbers by value, objects in any order, `null` as nothing.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            let mut keys = a.keys().chain(b.keys());
            keys.all(|key| is_same(a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null)))
        }
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn documents_are_the_same_whatever_the_order_and_the_way_numbers_are_written() {
        assert!(is_same(&json!({"a": 1, "b": [1.5, "x"]}), &json!({"b": [1.5, "x"], "a": 1.0, "c": null})));
        for other in [json!({"a": 2, "b": [1.5, "x"]}), json!({"a": 1, "b": [1.5]}), json!({"a": 1}), json!([])] {
            assert!(!is_same(&json!({"a": 1, "b": [1.5, "x"]}), &other), "{other}");
        }
    }

    #[test]
    fn a_write_is_lost_unless_it_surely_was_not_sent_or_was_answered() {
        assert!(is_lost(&ClientError::Server { status: 502 }));
        assert!(!is_lost(&ClientError::Busy { retry_after: None }));
        assert!(!is_lost(&ClientError::Invalid { errors: Vec::new() }));
        assert!(!is_lost(&ClientError::NotFound { what: String::new() }));
    }
}
