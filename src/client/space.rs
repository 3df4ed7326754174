//! A space as the server answers it, and what is sent to create or change one.

use serde_json::{Map, Value, json};

use super::error::ClientError;
use crate::model::Wire;

/// A space, with every field that the server sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Space {
    id: u64,
    fields: Map<String, Value>,
}

impl Space {
    /// The space that an answer is.
    ///
    /// # Errors
    /// [`ClientError::Unexpected`] if it is no object with an id.
    pub fn from_value(value: Value) -> Result<Self, ClientError> {
        let unexpected = |found: &str| ClientError::Unexpected { expected: "a space", found: found.to_owned() };
        let Value::Object(fields) = value else { return Err(unexpected("another value")) };
        // Some servers answer with the envelope that they are asked in.
        let fields = match fields.get("space") {
            Some(Value::Object(inner)) if !fields.contains_key("id") => inner.clone(),
            _ => fields,
        };
        let id = fields.get("id").and_then(id_of).ok_or_else(|| unexpected("an object without an id"))?;
        Ok(Self { id, fields })
    }

    /// Id.
    #[must_use]
    pub const fn id(&self) -> u64 {
        self.id
    }

    /// Every field.
    #[must_use]
    pub const fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// Name; empty when there is none.
    #[must_use]
    pub fn name(&self) -> &str {
        self.text("name").unwrap_or_default()
    }

    /// Description; empty when there is none.
    #[must_use]
    pub fn description(&self) -> &str {
        self.text("description").unwrap_or_default()
    }

    /// When it was changed last, in the server's words.
    #[must_use]
    pub fn updated_at(&self) -> Option<&str> {
        self.text("updated_at")
    }

    /// When it was created, in the server's words.
    #[must_use]
    pub fn created_at(&self) -> Option<&str> {
        self.text("created_at")
    }

    /// Whether only its owners see it.
    #[must_use]
    pub fn is_private(&self) -> Option<bool> {
        self.fields.get("is_private")?.as_bool()
    }

    /// The organization that owns it.
    #[must_use]
    pub fn organization_id(&self) -> Option<u64> {
        self.fields.get("organization_id").and_then(id_of)
    }

    /// The graph; lists leave it out.
    #[must_use]
    pub fn graph(&self) -> Option<&Map<String, Value>> {
        self.fields.get("graph")?.as_object()
    }

    /// Token of the share link, if it is enabled and you may know it.
    #[must_use]
    pub fn share_token(&self) -> Option<&str> {
        let is_enabled = self.fields.get("shareable_link_enabled").and_then(Value::as_bool).unwrap_or(true);
        self.text("shareable_link_token").filter(|token| is_enabled && !token.is_empty())
    }

    /// The space as a model file: in its envelope, with every field but the token of its share link, which is a secret.
    ///
    /// # Errors
    /// [`ClientError::Unexpected`] if it holds no graph that a model can be read from.
    pub fn to_wire(&self) -> Result<Wire, ClientError> {
        let mut fields = self.fields.clone();
        fields.shift_remove("shareable_link_token");
        fields.entry("graph").or_insert(Value::Null);
        Wire::from_value(json!({ "space": fields }))
            .map_err(|error| ClientError::Unexpected { expected: "a space with a graph", found: error.to_string() })
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.fields.get(key)?.as_str()
    }
}

/// An id as a number or as text.
pub(super) fn id_of(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// What a space is to be. What is `None` is left to the server when a space is created, and kept when it is changed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SpaceDraft {
    /// Name.
    pub name: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Whether only its owners see it.
    pub is_private: Option<bool>,
    /// The organization that is to own it.
    pub organization_id: Option<u64>,
    /// The graph, as the server takes it: `{"metrics": […], "guesstimates": […]}`.
    pub graph: Option<Value>,
}

impl SpaceDraft {
    /// Body of the request that creates the space.
    #[must_use]
    pub fn creation(&self) -> Value {
        self.body(None)
    }

    /// Body of the request that changes a space.
    ///
    /// # Parameters
    /// - `previous_updated_at`: of the version that the change is based on, exactly as the server gave it.
    #[must_use]
    pub fn change(&self, previous_updated_at: Option<&str>) -> Value {
        self.body(previous_updated_at)
    }

    fn body(&self, previous_updated_at: Option<&str>) -> Value {
        let mut space = Map::new();
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                space.insert(key.to_owned(), value);
            }
        };
        set("name", self.name.as_deref().map(Value::from));
        set("description", self.description.as_deref().map(Value::from));
        set("is_private", self.is_private.map(Value::from));
        set("organization_id", self.organization_id.map(Value::from));
        set("previous_updated_at", previous_updated_at.map(Value::from));
        set("graph", self.graph.clone());
        json!({ "space": space })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_the_server_left_out_are_not_there() {
        let space = Space::from_value(json!({"id": 5, "graph": {"metrics": [], "guesstimates": []}})).expect("a space");
        assert_eq!((space.id(), space.name(), space.updated_at(), space.is_private()), (5, "", None, None));
        assert!(Space::from_value(json!({"name": "x"})).is_err());
        assert!(Space::from_value(json!([])).is_err());
    }

    #[test]
    fn a_model_file_keeps_all_but_the_share_token() {
        let value = json!({"id": 5, "x": [1, null], "shareable_link_token": "s3cr3t", "graph": {"metrics": [], "guesstimates": []}});
        let space = Space::from_value(value).expect("a space");
        assert_eq!(space.share_token(), Some("s3cr3t"));
        let text = space.to_wire().expect("a model").to_json();
        assert_eq!(text, r#"{"space":{"id":5,"x":[1,null],"graph":{"metrics":[],"guesstimates":[]}}}"#);
    }

    #[test]
    fn a_creation_never_says_which_version_it_is_based_on() {
        let draft = SpaceDraft { name: Some("a".to_owned()), is_private: Some(false), ..SpaceDraft::default() };
        assert_eq!(draft.creation().to_string(), r#"{"space":{"name":"a","is_private":false}}"#);
        let change = draft.change(Some("2016")).to_string();
        assert_eq!(change, r#"{"space":{"name":"a","is_private":false,"previous_updated_at":"2016"}}"#);
    }
}
