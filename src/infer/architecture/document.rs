//! Reads an architecture file and checks it as spigo does: names that differ, known packages, dependencies that exist.
//!
//! Keys are read in any case and unknown keys are passed over, as Go's decoder does. All faults are found in one pass.

use serde_json::{Map, Value};

use super::super::error::{ArchitectureFault, InferError, Position};
use super::package::Package;

/// Largest count of instances or regions.
const COUNT_MAX: i64 = 1_000_000;

/// An architecture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Architecture {
    /// Name.
    pub(crate) name: String,
    /// Description.
    pub(crate) description: String,
    /// The services, in the order of the file.
    pub(crate) services: Vec<Service>,
}

/// A service.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Service {
    /// Name.
    pub(crate) name: String,
    /// Package.
    pub(crate) package: Package,
    /// Instances a region; 0 for one that stands for all zones.
    pub(crate) count: u32,
    /// Regions; 0 for a global service.
    pub(crate) regions: u32,
    /// Positions of the services it depends on, itself left out.
    pub(crate) dependencies: Vec<usize>,
    /// Whether it registers across regions, by the dependency `eureka`.
    pub(crate) across_regions: bool,
    /// Guesstimate given by hand.
    pub(crate) custom: Option<Custom>,
}

/// Guesstimate of a service, from the fields `guesstimateType` and `guesstimateValue`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Custom {
    /// Type, such as `LOGNORMAL`.
    pub(crate) kind: String,
    /// Input text.
    pub(crate) value: String,
}

/// A service as written, before its dependencies are looked up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    /// Name.
    pub(crate) name: String,
    /// Package.
    pub(crate) package: String,
    /// Instances a region.
    pub(crate) count: i64,
    /// Regions.
    pub(crate) regions: i64,
    /// Names of dependencies.
    pub(crate) dependencies: Vec<String>,
    /// Guesstimate given by hand.
    pub(crate) custom: Option<Custom>,
}

/// Reads an architecture file.
pub(crate) fn read(bytes: &[u8]) -> Result<Architecture, InferError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        let position = Position { line: error.line() as u64, column: error.column().max(1) as u64 };
        InferError::Malformed { message: described(&error.to_string()), position: Some(position) }
    })?;
    let Some(root) = value.as_object() else {
        return Err(malformed("expected an architecture in braces, found another value"));
    };
    let Some(services) = field(root, "services").and_then(Value::as_array) else {
        return Err(malformed("expected an architecture with a list of `services`, found none"));
    };
    let drafts = services.iter().enumerate().map(|(at, service)| draft(service, at)).collect::<Result<Vec<_>, _>>()?;
    let text = |key| field(root, key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let name = if text("arch").is_empty() { "architecture".to_owned() } else { text("arch") };
    Ok(Architecture { name, description: text("description"), services: check(&drafts)? })
}

/// The decoder's message without the place, which stands apart.
fn described(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    match message.strip_prefix("EOF while parsing") {
        Some(_) => "expected JSON, found the end of the file".to_owned(),
        None => format!("expected JSON, found a fault: {message}"),
    }
}

fn malformed(message: &str) -> InferError {
    InferError::Malformed { message: message.to_owned(), position: None }
}

/// Field of an object: the key as written, else in another case.
fn field<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    object.get(key).or_else(|| object.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value))
}

fn draft(value: &Value, at: usize) -> Result<Draft, InferError> {
    let number = at + 1;
    let Some(object) = value.as_object() else {
        return Err(malformed(&format!("expected service {number} in braces, found another value")));
    };
    let text = |key: &str| match field(object, key) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(malformed(&format!("expected a text as `{key}` of service {number}, found another value"))),
    };
    let count = |key: &str| match field(object, key) {
        None | Some(Value::Null) => Ok(0),
        Some(value) => value
            .as_i64()
            .or_else(|| {
                value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 1e15).map(|number| number as i64)
            })
            .ok_or_else(|| {
                malformed(&format!("expected a whole number as `{key}` of service {number}, found `{value}`"))
            }),
    };
    let dependencies = match field(object, "dependencies") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => {
            list.iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>().ok_or_else(|| {
                malformed(&format!("expected names as `dependencies` of service {number}, found another value"))
            })?
        }
        Some(_) => {
            return Err(malformed(&format!(
                "expected a list as `dependencies` of service {number}, found another value"
            )));
        }
    };
    let used = field(object, "useCustomGuesstimate").and_then(Value::as_bool).unwrap_or(false);
    let value = match field(object, "guesstimateValue") {
        Some(Value::Number(value)) => value.to_string(),
        _ => text("guesstimateValue")?,
    };
    let kind = text("guesstimateType")?;
    Ok(Draft {
        name: text("name")?,
        package: text("package")?,
        count: count("count")?,
        regions: count("regions")?,
        dependencies,
        custom: (used && !value.trim().is_empty()).then_some(Custom { kind, value }),
    })
}

/// Checks services and looks up their dependencies.
pub(crate) fn check(drafts: &[Draft]) -> Result<Vec<Service>, InferError> {
    let mut faults = Vec::new();
    let mut positions = std::collections::HashMap::new();
    for (at, draft) in drafts.iter().enumerate() {
        if draft.name.is_empty() {
            faults.push(ArchitectureFault::NamelessService { number: at + 1 });
        } else if positions.insert(draft.name.as_str(), at).is_some() {
            faults.push(ArchitectureFault::DuplicateService { name: draft.name.clone() });
        }
    }
    let mut services = Vec::new();
    for draft in drafts {
        let package = Package::parse(&draft.package);
        if package.is_none() {
            let (service, package) = (draft.name.clone(), draft.package.clone());
            faults.push(ArchitectureFault::UnknownPackage { nearest: nearest(&package), service, package });
        }
        for (field, value) in [("count", draft.count), ("regions", draft.regions)] {
            if !(0..=COUNT_MAX).contains(&value) {
                let service = draft.name.clone();
                faults.push(ArchitectureFault::CountOutOfRange { service, field, value, limit: COUNT_MAX });
            }
        }
        let mut dependencies = Vec::new();
        for name in &draft.dependencies {
            match positions.get(name.as_str()) {
                Some(&at) if drafts[at].name != draft.name && !dependencies.contains(&at) => dependencies.push(at),
                Some(_) => {}
                None if name == "eureka" => {}
                None => faults.push(ArchitectureFault::MissingDependency {
                    service: draft.name.clone(),
                    dependency: name.clone(),
                }),
            }
        }
        services.push(Service {
            name: draft.name.clone(),
            package: package.unwrap_or(Package::Store),
            count: u32::try_from(draft.count).unwrap_or(0),
            regions: u32::try_from(draft.regions).unwrap_or(0),
            dependencies,
            across_regions: draft.dependencies.iter().any(|name| name == "eureka"),
            custom: draft.custom.clone(),
        });
    }
    if services.is_empty() && faults.is_empty() {
        return Err(malformed("expected an architecture with services, found an empty list"));
    }
    if faults.is_empty() { Ok(services) } else { Err(InferError::Architecture { faults }) }
}

/// Known package that differs from `name` in case or in at most two letters.
fn nearest(name: &str) -> Option<&'static str> {
    let distance = |known: &str| edit_distance(&known.to_ascii_lowercase(), &name.to_ascii_lowercase());
    Package::NAMES
        .into_iter()
        .map(|known| (distance(known), known))
        .min()
        .filter(|(far, _)| *far <= 2)
        .map(|(_, known)| known)
}

/// Levenshtein distance of two short texts.
fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, from) in left.chars().enumerate() {
        let mut corner = at;
        row[0] = at + 1;
        for (to_at, &to) in right.iter().enumerate() {
            let changed = corner + usize::from(from != to);
            corner = row[to_at + 1];
            row[to_at + 1] = changed.min(row[to_at] + 1).min(corner + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        match read(text.as_bytes()).unwrap_err() {
            InferError::Architecture { faults } => faults.iter().map(ToString::to_string).collect(),
            other => vec![other.to_string()],
        }
    }

    #[test]
    fn keys_are_read_in_any_case_and_unknown_ones_are_passed_over() {
        let text = r#"{"Arch":"a","services":[{"Name":"x","PACKAGE":"elb","Count":0,"color":1,"dependencies":null}]}"#;
        let architecture = read(text.as_bytes()).unwrap();
        assert_eq!((architecture.name.as_str(), architecture.services[0].package), ("a", Package::Elb));
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let text = r#"{"arch":"a","services":[
            {"name":"x","package":"elb","dependencies":["y","eureka","x"]},
            {"name":"x","package":"karion","count":-1}]}"#;
        assert_eq!(
            faults(text),
            [
                "expected service names that differ, found `x` twice",
                "expected dependencies of service `x` that are services, found `y`",
                "expected a package of service `x` that is known, found `karion`",
                "expected a `count` of service `x` from 0 to 1000000, found -1",
            ]
        );
        let InferError::Architecture { faults } = read(text.as_bytes()).unwrap_err() else { panic!("expected faults") };
        assert_eq!(faults[2].help().as_deref(), Some("did you mean `karyon`?"));
    }

    #[test]
    fn what_is_no_architecture_says_so() {
        assert_eq!(faults("[]"), ["expected an architecture in braces, found another value"]);
        assert_eq!(faults("{}"), ["expected an architecture with a list of `services`, found none"]);
        assert_eq!(faults(r#"{"services":[]}"#), ["expected an architecture with services, found an empty list"]);
        assert!(faults(r#"{"services":[{"name":3}]}"#)[0].contains("expected a text as `name` of service 1"));
        let InferError::Malformed { position, .. } = read(b"{\n \"a\": }").unwrap_err() else {
            panic!("expected a place")
        };
        assert_eq!(position, Some(Position { line: 2, column: 7 }));
    }
}
