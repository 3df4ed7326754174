//! docker-compose files as architectures, by the rules of spigo's `compose2arch`: a package by the service's name, links
//! as dependencies, a denominator for each published port, networks as load balancers, volumes as stores.
//!
//! Services stand in the order of the file. `depends_on` and `volumes_from` are passed over, as `compose2arch` does.

use serde_json::{Map, Value};

use super::super::error::{InferError, Position};
use super::document::{Architecture, Draft, check};

/// Instances of a service that is neither a database nor a cache.
const MONOLITH_COUNT: i64 = 3;

/// Reads a docker-compose file, version 1 or later.
pub(crate) fn read(text: &str) -> Result<Architecture, InferError> {
    let value: Value = serde_saphyr::from_str(text).map_err(|error| {
        let position = error.location().map(|location| Position { line: location.line(), column: location.column() });
        let message = error.to_string();
        let message = message.lines().next().unwrap_or_default().trim().to_owned();
        InferError::Malformed { message: format!("expected YAML, found {message}"), position }
    })?;
    let malformed = |message: &str| InferError::Malformed { message: message.to_owned(), position: None };
    let root =
        value.as_object().ok_or_else(|| malformed("expected a compose file with services, found another value"))?;
    let services = match root.get("services") {
        Some(Value::Object(services)) => services,
        Some(_) => return Err(malformed("expected services by name under `services`, found another value")),
        None => root,
    };
    let mut drafts = Vec::new();
    for (name, service) in services {
        if let Some(service) = service.as_object() {
            drafts.extend(service_drafts(name, service));
        }
    }
    if drafts.is_empty() {
        return Err(malformed("expected a compose file with services, found none"));
    }
    for network in names_of(root.get("networks")) {
        let members = services.iter().filter(|(_, service)| lists(service.get("networks")).contains(&network));
        let dependencies = members.map(|(name, _)| name.clone()).collect();
        drafts.push(draft(&network, "elb", 0, 1, dependencies));
    }
    for volume in names_of(root.get("volumes")) {
        drafts.push(draft(&volume, "store", 0, 1, Vec::new()));
    }
    // A service may be called like a network or a volume; the service is what requests go to.
    let mut seen = std::collections::HashSet::new();
    drafts.retain(|draft| seen.insert(draft.name.clone()));
    for draft in &mut drafts {
        draft.dependencies.retain(|dependency| seen.contains(dependency));
    }
    let (name, description) = ("compose".to_owned(), "docker-compose file".to_owned());
    Ok(Architecture { name, description, services: check(&drafts)? })
}

fn draft(name: &str, package: &str, count: i64, regions: i64, dependencies: Vec<String>) -> Draft {
    Draft { name: name.to_owned(), package: package.to_owned(), count, regions, dependencies, custom: None }
}

/// A service, and the denominator before it where it publishes a port.
fn service_drafts(name: &str, service: &Map<String, Value>) -> Vec<Draft> {
    let root_of = |text: &String| text.split(':').next().unwrap_or_default().to_owned();
    let links: Vec<String> = lists(service.get("links")).iter().map(root_of).collect();
    let mut drafts = vec![match name {
        "db" => draft(name, "staash", 1, 1, lists(service.get("volumes")).iter().map(root_of).collect()),
        "redis" => draft(name, "store", 1, 1, links),
        _ => draft(name, "monolith", MONOLITH_COUNT, 1, links),
    }];
    if lists(service.get("ports")).iter().any(|port| port.contains(':')) {
        drafts.push(draft(&format!("www-{name}"), "denominator", 0, 0, vec![name.to_owned()]));
    }
    drafts
}

/// Texts of a list; of a mapping its keys; of a port or volume in the long form its short one.
fn lists(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(list)) => list.iter().map(short_form).collect(),
        Some(Value::Object(map)) => map.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

fn short_form(value: &Value) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match value {
        Value::Object(map) => {
            let pair = ["published", "target", "source"].map(|key| map.get(key).map(text));
            match pair {
                [Some(published), Some(target), _] => format!("{published}:{target}"),
                [None, Some(target), Some(source)] => format!("{source}:{target}"),
                _ => String::new(),
            }
        }
        other => text(other),
    }
}

/// Names declared at the top of the file.
fn names_of(value: Option<&Value>) -> Vec<String> {
    value.and_then(Value::as_object).map(|map| map.keys().cloned().collect()).unwrap_or_default()
}
