//! The rules of the Guesstimate server, as its source states them: who may do what, what is stored, and what is answered.
//!
//! Requests come in and answers go out as values; sockets and faults are the business of `server`.

use serde_json::{Map, Value, json};

use super::people::{Organization, USERS, User, organizations};

/// A request as it was received.
#[derive(Debug, Clone, Default)]
pub(super) struct Received {
    pub(super) method: String,
    /// Path and query, still encoded.
    pub(super) target: String,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Received {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// An answer to be sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

impl Answer {
    fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("Content-Type", "application/json; charset=utf-8".to_owned())];
        Self { status, headers, body: body.to_string() }
    }

    pub(super) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    pub(super) fn page(status: u16) -> Self {
        let headers = vec![("Content-Type", "text/html; charset=utf-8".to_owned())];
        Self { status, headers, body: format!("<!DOCTYPE html>\n<title>{status}</title>\n<h1>{status}</h1>\n") }
    }

    fn invalid(field: &str, message: &str) -> Self {
        Self::json(422, &json!({ field: [message] }))
    }
}

/// A stored space.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) id: u64,
    owner: u64,
    pub(super) organization: Option<u64>,
    pub(super) name: Option<String>,
    description: Option<String>,
    pub(super) is_private: bool,
    pub(super) graph: Option<Value>,
    created_at_ms: u64,
    updated_at_ms: u64,
    share_token: Option<String>,
    /// Authors of the checkpoints, oldest first.
    checkpoints: Vec<u64>,
}

/// All that the server knows.
pub(super) struct Rules {
    pub(super) spaces: Vec<Stored>,
    pub(super) facts: Vec<(u64, Map<String, Value>)>,
    organizations: Vec<Organization>,
    next_id: u64,
    next_share: u64,
    /// Milliseconds since 1970; goes on only when something is changed or a test says so.
    pub(super) now_ms: u64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            spaces: Vec::new(),
            facts: Vec::new(),
            organizations: organizations(),
            next_id: 100,
            next_share: 0,
            // 2023-11-14T22:13:20Z
            now_ms: 1_700_000_000_000,
        }
    }
}

/// Why a request got no further: the answer to it.
type Outcome = Result<Answer, Answer>;

impl Rules {
    /// Answers a request.
    pub(super) fn answer(&mut self, request: &Received) -> Answer {
        // Malformed JSON is answered before anybody is asked who they are.
        let body = match (&request.body[..], serde_json::from_slice::<Value>(&request.body)) {
            ([], _) => Value::Null,
            (_, Ok(body)) => body,
            _ => return error(request, 400, "Bad Request"),
        };
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let user = user_of(request);
        let id = |text: &str| text.parse::<u64>().map_err(|_| error(request, 404, "Not Found"));
        let outcome = match (request.method.as_str(), &segments[..]) {
            ("GET", ["spaces", space]) => id(space).and_then(|id| self.show(request, id, user)),
            ("POST", ["spaces"]) => self.create(request, &body, user),
            ("PATCH" | "PUT", ["spaces", space]) => id(space).and_then(|id| self.update(request, id, &body, user)),
            ("DELETE", ["spaces", space]) => id(space).and_then(|id| self.delete(request, id, user)),
            ("POST", ["spaces", space, "copies"]) => id(space).and_then(|id| self.copy(request, id, user)),
            ("PATCH", ["spaces", space, action]) => id(space).and_then(|id| self.link(request, id, action, user)),
            ("GET", ["users", owner, "spaces"]) => {
                id(owner).map(|owner| self.list(user, |space| space.owner == owner && space.organization.is_none()))
            }
            ("GET", ["organizations", owner, "spaces"]) => {
                id(owner).map(|owner| self.list(user, |space| space.organization == Some(owner)))
            }
            ("GET", ["users"]) => self.user_by_subject(request, query),
            ("GET", ["users", other]) => id(other).and_then(|id| self.user(request, id, user)),
            ("GET", ["users", other, "memberships"]) => id(other).map(|id| self.memberships(id)),
            (_, ["organizations", organization, "facts", rest @ ..]) => {
                id(organization).and_then(|id| self.fact(request, id, rest, &body, user))
            }
            _ => Err(error(request, 404, "Not Found")),
        };
        outcome.unwrap_or_else(|answer| answer)
    }

    /// A change by someone else, as in the browser.
    pub(super) fn edit(&mut self, id: u64, author: u64, change: impl FnOnce(&mut Stored)) {
        self.now_ms += 2_000;
        let now = self.now_ms;
        let space = self.spaces.iter_mut().find(|space| space.id == id).expect("a space");
        change(space);
        space.updated_at_ms = now;
        space.checkpoints.push(author);
    }

    fn tick(&mut self) -> u64 {
        self.now_ms += 10;
        self.now_ms
    }

    fn find(&self, request: &Received, id: u64) -> Result<&Stored, Answer> {
        self.spaces.iter().find(|space| space.id == id).ok_or_else(|| error(request, 404, "Not Found"))
    }

    fn is_member(&self, organization: u64, user: u64) -> bool {
        self.organizations.iter().any(|other| other.id == organization && other.members.contains(&user))
    }

    fn is_editable(&self, space: &Stored, user: Option<&User>) -> bool {
        user.is_some_and(|user| match space.organization {
            Some(organization) => self.is_member(organization, user.id),
            None => space.owner == user.id,
        })
    }

    /// The space, if the user may change it.
    fn editable(&self, request: &Received, id: u64, user: Option<&User>) -> Result<&Stored, Answer> {
        let space = self.find(request, id)?;
        if self.is_editable(space, user) { Ok(space) } else { Err(Answer::empty(401)) }
    }

    fn show(&self, request: &Received, id: u64, user: Option<&User>) -> Outcome {
        let space = self.find(request, id)?;
        let given = request.header("shareable-link-token");
        let is_shared = space.share_token.is_some() && given == space.share_token.as_deref();
        if space.is_private && !is_shared && !self.is_editable(space, user) {
            return Err(Answer::empty(401));
        }
        Ok(Answer::json(200, &self.shown(space, user, true)))
    }

    /// A space as it is answered; what is not there is left out.
    fn shown(&self, space: &Stored, user: Option<&User>, with_graph: bool) -> Value {
        let mut fields = Map::new();
        let mut set = |key: &str, value: Value| {
            if !value.is_null() {
                fields.insert(key.to_owned(), value);
            }
        };
        set("id", space.id.into());
        set("name", space.name.clone().into());
        set("description", space.description.clone().into());
        set("created_at", timestamp(space.created_at_ms).into());
        set("updated_at", timestamp(space.updated_at_ms).into());
        set("is_private", space.is_private.into());
        set("user_id", space.owner.into());
        set("organization_id", space.organization.into());
        if with_graph {
            set("graph", space.graph.as_ref().map_or(Value::Null, without_duplicates));
        }
        if self.is_editable(space, user) {
            set("shareable_link_token", space.share_token.clone().into());
            set("shareable_link_enabled", space.share_token.is_some().into());
        }
        let owner =
            USERS.iter().find(|user| user.id == space.owner).map(|user| json!({"id": user.id, "name": user.name}));
        set("_embedded", json!({ "user": owner }));
        Value::Object(fields)
    }

    fn list(&self, user: Option<&User>, is_listed: impl Fn(&Stored) -> bool) -> Answer {
        let visible = self.spaces.iter().filter(|space| is_listed(space));
        let visible = visible.filter(|space| !space.is_private || self.is_editable(space, user));
        let items: Vec<Value> = visible.map(|space| self.shown(space, user, false)).collect();
        Answer::json(200, &json!({ "items": items }))
    }

    /// Private spaces of a user; those in organizations count as well.
    fn private_count(&self, user: u64) -> u64 {
        self.spaces.iter().filter(|space| space.owner == user && space.is_private).count() as u64
    }

    /// Whether the owner of a space may have (another) private one. The space itself counts once it is saved.
    fn may_be_private(&self, space: &Stored) -> bool {
        match space.organization {
            Some(id) => self.organizations.iter().any(|organization| organization.id == id && organization.is_paid),
            None => {
                let limit = USERS.iter().find(|user| user.id == space.owner).map_or(0, |user| user.private_limit);
                limit > self.private_count(space.owner)
            }
        }
    }

    /// What every save checks.
    fn check(&self, space: &Stored) -> Result<(), Answer> {
        if space.is_private
            && space.organization.is_some_and(|id| self.organizations.iter().all(|other| other.id != id))
        {
            return Err(Answer::page(500));
        }
        if space.is_private && !self.may_be_private(space) {
            return Err(Answer::invalid("user_id", "can not make more private models with current plan"));
        }
        if space.share_token.is_some() && !space.is_private {
            return Err(Answer::invalid("is_private", "can't be blank"));
        }
        Ok(())
    }

    fn create(&mut self, request: &Received, body: &Value, user: Option<&User>) -> Outcome {
        let fields = permitted(request, body)?;
        let user = user.ok_or_else(|| Answer::empty(401))?;
        if fields.contains_key("previous_updated_at") {
            return Err(error(request, 500, "Internal Server Error"));
        }
        let now = self.tick();
        let mut space = Stored {
            id: self.next_id,
            owner: user.id,
            organization: None,
            name: None,
            description: None,
            is_private: false,
            graph: None,
            created_at_ms: now,
            updated_at_ms: now,
            share_token: None,
            checkpoints: Vec::new(),
        };
        let says_privacy = assign(request, &mut space, &fields)?;
        if !says_privacy {
            space.is_private = self.may_be_private(&space);
        }
        self.check(&space)?;
        if space.graph.is_some() {
            space.checkpoints.push(user.id);
        }
        self.next_id += 1;
        let answer = Answer::json(200, &self.shown(&space, Some(user), true));
        self.spaces.push(space);
        Ok(answer)
    }

    fn update(&mut self, request: &Received, id: u64, body: &Value, user: Option<&User>) -> Outcome {
        let mut space = self.editable(request, id, user)?.clone();
        let fields = permitted(request, body)?;
        let user = user.ok_or_else(|| Answer::empty(401))?;
        if let Some(previous) = fields.get("previous_updated_at") {
            let previous = previous.as_str().and_then(|text| Some((text.get(..19)?, text.strip_suffix('Z')?)));
            let Some((second, _)) = previous else { return Err(error(request, 500, "Internal Server Error")) };
            let is_other = timestamp(space.updated_at_ms)[..19] != *second;
            if is_other && space.checkpoints.last().is_some_and(|author| *author != user.id) {
                return Err(Answer::json(409, &self.shown(&space, Some(user), true)));
            }
        }
        assign(request, &mut space, &fields)?;
        self.check(&space)?;
        if space.graph.is_some() {
            space.checkpoints.push(user.id);
        }
        space.updated_at_ms = self.tick();
        let answer = Answer::json(200, &self.shown(&space, Some(user), true));
        self.store(space);
        Ok(answer)
    }

    fn store(&mut self, space: Stored) {
        let place = self.spaces.iter_mut().find(|other| other.id == space.id).expect("a space");
        *place = space;
    }

    fn delete(&mut self, request: &Received, id: u64, user: Option<&User>) -> Outcome {
        self.editable(request, id, user)?;
        self.spaces.retain(|space| space.id != id);
        Ok(Answer::empty(204))
    }

    fn copy(&mut self, request: &Received, id: u64, user: Option<&User>) -> Outcome {
        let original = self.find(request, id)?.clone();
        let user = user.ok_or_else(|| Answer::empty(401))?;
        if original.is_private && !self.is_editable(&original, Some(user)) {
            return Err(Answer::empty(401));
        }
        let now = self.tick();
        let organization = original.organization.filter(|organization| self.is_member(*organization, user.id));
        let mut copy = Stored {
            id: self.next_id,
            owner: user.id,
            organization,
            created_at_ms: now,
            updated_at_ms: now,
            share_token: None,
            checkpoints: vec![user.id],
            ..original
        };
        copy.is_private = self.may_be_private(&copy);
        self.next_id += 1;
        self.spaces.push(copy.clone());
        // It is saved a second time, and then counts itself.
        self.check(&copy)?;
        Ok(Answer::json(200, &self.shown(&copy, Some(user), true)))
    }

    fn link(&mut self, request: &Received, id: u64, action: &str, user: Option<&User>) -> Outcome {
        let mut space = self.editable(request, id, user)?.clone();
        let mut new_token = || {
            self.next_share += 1;
            format!("share-link-token-of-86-characters-{:052}", self.next_share)
        };
        match action {
            "enable_shareable_link" => space.share_token = space.share_token.or_else(|| Some(new_token())),
            "disable_shareable_link" => space.share_token = None,
            "rotate_shareable_link" if space.share_token.is_none() => return Err(Answer::json(422, &json!({}))),
            "rotate_shareable_link" => space.share_token = Some(new_token()),
            _ => return Err(error(request, 404, "Not Found")),
        }
        if space.share_token.is_some() && !space.is_private {
            return Err(Answer::invalid("is_private", "can't be blank"));
        }
        space.updated_at_ms = self.tick();
        let answer = Answer::json(200, &self.shown(&space, user, true));
        self.store(space);
        Ok(answer)
    }

    fn user_by_subject(&self, request: &Received, query: &str) -> Outcome {
        let subject = query.strip_prefix("auth0_id=").unwrap_or_default().replace("%7C", "|");
        let user =
            USERS.iter().find(|user| user.subject == subject).ok_or_else(|| error(request, 400, "Bad Request"))?;
        Ok(Answer::json(200, &json!({ "items": [self.user_fields(user, true)] })))
    }

    fn user(&self, request: &Received, id: u64, user: Option<&User>) -> Outcome {
        let shown = USERS.iter().find(|user| user.id == id).ok_or_else(|| error(request, 404, "Not Found"))?;
        let is_self = user.is_some_and(|user| user.id == id);
        Ok(Answer::json(200, &self.user_fields(shown, is_self)))
    }

    fn user_fields(&self, user: &User, with_plan: bool) -> Value {
        let mut fields = json!({"id": user.id, "name": user.name});
        if with_plan {
            fields["plan"] = json!({"name": "Lite", "private_model_limit": user.private_limit});
            fields["private_model_count"] = self.private_count(user.id).into();
        }
        fields
    }

    fn memberships(&self, user: u64) -> Answer {
        let own = self.organizations.iter().filter(|organization| organization.members.contains(&user));
        let items: Vec<Value> = own
            .map(|organization| json!({"id": organization.id * 7, "user_id": user, "organization_id": organization.id}))
            .collect();
        Answer::json(200, &json!({ "items": items }))
    }

    fn fact(&mut self, request: &Received, id: u64, rest: &[&str], body: &Value, user: Option<&User>) -> Outcome {
        let known = self.organizations.iter().find(|organization| organization.id == id);
        let organization = known.ok_or_else(|| error(request, 404, "Not Found"))?;
        let is_authorized = request.header("api-token") == Some(organization.api_token)
            || user.is_some_and(|user| organization.members.contains(&user.id));
        if !is_authorized {
            return Err(Answer::empty(401));
        }
        let own = |(organization, fact): &&(u64, Map<String, Value>)| *organization == id && !fact.is_empty();
        match (request.method.as_str(), rest) {
            ("GET", []) => {
                let items: Vec<&Map<String, Value>> = self.facts.iter().filter(own).map(|(_, fact)| fact).collect();
                Ok(Answer::json(200, &json!({ "items": items })))
            }
            ("POST", []) => {
                let mut fact = self.valid_fact(request, id, body, None)?;
                fact.insert("id".to_owned(), self.next_id.into());
                self.next_id += 1;
                self.facts.push((id, fact.clone()));
                Ok(Answer::json(200, &Value::Object(fact)))
            }
            ("PATCH", [fact_id]) => {
                let fact_id: u64 = fact_id.parse().map_err(|_| error(request, 404, "Not Found"))?;
                let mut fact = self.valid_fact(request, id, body, Some(fact_id))?;
                let place = self.facts.iter_mut().find(|(_, fact)| fact["id"] == fact_id);
                let place = place.ok_or_else(|| error(request, 404, "Not Found"))?;
                fact.insert("id".to_owned(), fact_id.into());
                place.1 = fact.clone();
                Ok(Answer::json(200, &Value::Object(fact)))
            }
            _ => Err(error(request, 404, "Not Found")),
        }
    }

    fn valid_fact(
        &self,
        request: &Received,
        organization: u64,
        body: &Value,
        id: Option<u64>,
    ) -> Result<Map<String, Value>, Answer> {
        let fact = body.get("fact").and_then(Value::as_object).ok_or_else(|| error(request, 400, "Bad Request"))?;
        let text = |key: &str| fact.get(key).and_then(Value::as_str).unwrap_or_default();
        let variable = text("variable_name");
        if variable.is_empty() || !variable.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Err(Answer::invalid("variable_name", "is invalid"));
        }
        let is_taken = |(owner, other): &(u64, Map<String, Value>)| {
            *owner == organization && other["variable_name"] == variable && Some(other["id"].as_u64()) != id.map(Some)
        };
        if self.facts.iter().any(is_taken) {
            return Err(Answer::invalid("variable_name", "has already been taken"));
        }
        if text("expression").is_empty() {
            return Err(Answer::invalid("expression", "can't be blank"));
        }
        let simulation = fact.get("simulation").cloned().unwrap_or_default();
        if simulation.pointer("/sample/values").and_then(Value::as_array).is_none_or(Vec::is_empty) {
            return Err(Answer::invalid("base", "must have values"));
        }
        let has_percentiles = ["5", "95"].iter().all(|percent| simulation["stats"]["percentiles"][percent].is_number());
        if simulation["stats"]["length"] != 1 && !has_percentiles {
            return Err(Answer::invalid("base", "must have stats"));
        }
        Ok(fact.clone())
    }
}

/// An error of the framework: JSON for those who accept exactly that, a page for everyone else.
fn error(request: &Received, status: u16, text: &str) -> Answer {
    match request.header("accept") {
        Some("application/json") => Answer::json(status, &json!({"status": status, "error": text})),
        _ => Answer::page(status),
    }
}

/// The user whose token was sent; a token that is not valid is nobody's.
fn user_of(request: &Received) -> Option<&'static User> {
    let token = request.header("authorization")?.split(' ').next_back()?;
    USERS.iter().find(|user| super::people::token(user.subject, 9_999_999_999) == token)
}

/// The fields of a space that may be set. A body without `space` is taken for one.
fn permitted(request: &Received, body: &Value) -> Result<Map<String, Value>, Answer> {
    let bad = || error(request, 400, "Bad Request");
    let fields = match body.get("space") {
        Some(space) => space.as_object(),
        None => body.as_object(),
    };
    let fields = fields.filter(|fields| !fields.is_empty()).ok_or_else(bad)?;
    let known = ["name", "description", "is_private", "previous_updated_at", "organization_id", "graph"];
    Ok(fields
        .iter()
        .filter(|(key, _)| known.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect())
}

/// Sets the fields that are there; whether privacy is among them.
fn assign(request: &Received, space: &mut Stored, fields: &Map<String, Value>) -> Result<bool, Answer> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(name) = fields.get("name") {
        space.name = text(name);
    }
    if let Some(description) = fields.get("description") {
        space.description = text(description);
    }
    if let Some(organization) = fields.get("organization_id") {
        space.organization = organization.as_u64();
    }
    if let Some(graph) = fields.get("graph").filter(|graph| !graph.is_null()) {
        space.graph = Some(permitted_graph(graph).ok_or_else(|| error(request, 500, "Internal Server Error"))?);
    }
    if let Some(is_private) = fields.get("is_private") {
        space.is_private = matches!(is_private, Value::Bool(true)) || matches!(is_private.as_str(), Some("true" | "1"));
    }
    Ok(fields.contains_key("is_private"))
}

/// The keys of a graph that are stored; none if an expression is no text, on which the server fails.
fn permitted_graph(graph: &Value) -> Option<Value> {
    let only = |list: &str, keys: &[&str]| -> Vec<Value> {
        let entries = graph.get(list).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let entry = |entry: &Value| {
            let fields = entry.as_object().cloned().unwrap_or_default();
            Value::Object(fields.into_iter().filter(|(key, _)| keys.contains(&key.as_str())).collect())
        };
        entries.iter().map(entry).collect()
    };
    let metrics = only("metrics", &["id", "readableId", "name", "location"]);
    let guesstimates =
        only("guesstimates", &["metric", "input", "expression", "guesstimateType", "description", "data"]);
    let is_text =
        |guesstimate: &Value| guesstimate.get("expression").is_none_or(|text| text.is_string() || text.is_null());
    guesstimates.iter().all(is_text).then(|| json!({"metrics": metrics, "guesstimates": guesstimates}))
}

/// The graph as it is shown: of several entries of one id the last.
fn without_duplicates(graph: &Value) -> Value {
    let last = |list: &str, key: &str| {
        let entries = graph[list].as_array().cloned().unwrap_or_default();
        let mut kept: Vec<Value> = Vec::new();
        for entry in entries {
            kept.retain(|other: &Value| other[key] != entry[key]);
            kept.push(entry);
        }
        kept
    };
    json!({"metrics": last("metrics", "id"), "guesstimates": last("guesstimates", "metric")})
}

/// A time as the server writes it: milliseconds, in UTC.
pub(super) fn timestamp(ms: u64) -> String {
    let (year, month, day) = date(ms / 86_400_000);
    let (seconds, ms) = (ms / 1000 % 86_400, ms % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

/// A time as the header `Date` has it; the day of the week, which nobody reads, is always the same.
pub(super) fn header_date(ms: u64) -> String {
    let (year, month, day) = date(ms / 86_400_000);
    let name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month as usize - 1];
    let seconds = ms / 1000 % 86_400;
    format!("Mon, {day:02} {name} {year:04} {:02}:{:02}:{:02} GMT", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Year, month and day of a day since 1970, by counting.
fn date(mut days: u64) -> (u64, u64, u64) {
    let is_leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let lens = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for len in lens {
        if days < len {
            break;
        }
        days -= len;
        month += 1;
    }
    (year, month, days + 1)
}

#[test]
fn times_are_written_as_the_server_writes_them() {
    assert_eq!(timestamp(1_700_000_000_123), "2023-11-14T22:13:20.123Z");
    assert_eq!(header_date(951_782_400_000), "Mon, 29 Feb 2000 00:00:00 GMT");
}
