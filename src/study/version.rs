//! Versions of a model: its scenarios, and those written on the command line.

use super::error::StudyError;
use crate::model::Model;

/// A named version of a model.
#[derive(Debug, Clone)]
pub struct Version {
    /// Name: that of the scenario.
    pub name: String,
    /// The model with the scenario's inputs.
    pub model: Model,
}

/// The version of a model that a text means: the name of one of its scenarios, or `NAME:METRIC=INPUT,METRIC=INPUT`.
///
/// Commas within brackets, quotes, or before what is no `METRIC=`, belong to the input.
///
/// # Errors
/// - [`StudyError::Model`] if there is no such scenario or metric.
/// - [`StudyError::Text`] if what follows the colon is no setting.
///
/// # Examples
/// ```
/// use tailcast::model::{self, Input, NoData, Options};
/// use tailcast::study::scenario_version;
/// let model = model::read(b"[metrics]\nhit = 60\ncpu = '=max(hit, 1)'", None, &NoData, Options::default())?;
/// let version = scenario_version(&model, "cold:hit=10,cpu==max(hit, 2)")?;
/// assert_eq!(version.name, "cold");
/// assert!(matches!(version.model.metrics()[0].input, Input::Point(10.0)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn scenario_version(model: &Model, text: &str) -> Result<Version, StudyError> {
    let is_known = model.scenarios().iter().any(|scenario| scenario.name == text);
    let inline = text.split_once(':').filter(|(_, settings)| !is_known && settings.contains('='));
    let Some((name, settings)) = inline else {
        return Ok(Version { name: text.to_owned(), model: model.with_scenario(text)? });
    };
    let mut pairs = Vec::new();
    for setting in split_settings(settings) {
        let pair = setting.split_once('=').map(|(metric, input)| (metric.trim(), input.trim()));
        let Some(pair) = pair.filter(|(metric, _)| !metric.is_empty()) else {
            return Err(StudyError::Text { expected: "METRIC=INPUT".into(), found: setting.to_owned() });
        };
        pairs.push(pair);
    }
    let model = model.with_overrides(&pairs)?;
    Ok(Version { name: name.trim().to_owned(), model: model.named_scenario(name.trim()) })
}

/// The settings of a list, at commas outside brackets and quotes that a `METRIC=` follows.
fn split_settings(text: &str) -> Vec<&str> {
    let (mut depth, mut quote, mut start) = (0_i32, None, 0);
    let mut settings = Vec::new();
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) => quote = (character != open).then_some(open),
            (None, '"' | '\'') => quote = Some(character),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, ',') if depth <= 0 && begins_setting(&text[at + 1..]) => {
                settings.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    settings.push(&text[start..]);
    settings
}

/// Whether the text begins with a name and one `=`.
fn begins_setting(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, rest)| {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | ' ' | '.');
        let is_comparison = rest.starts_with('=') && rest[1..].starts_with(' ');
        !name.trim().is_empty() && name.chars().all(is_name) && !is_comparison
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_split_where_a_metric_follows() {
        assert_eq!(split_settings("a=1,b=2"), ["a=1", "b=2"]);
        assert_eq!(split_settings("a=1, 2, 3,b==max(a, 2)"), ["a=1, 2, 3", "b==max(a, 2)"]);
        assert_eq!(split_settings("a=5 to 10,my metric=[1,2]"), ["a=5 to 10", "my metric=[1,2]"]);
        assert_eq!(split_settings("a==b > 1 ? 2 : c"), ["a==b > 1 ? 2 : c"]);
    }
}
