//! Users, their plans, and their memberships, as the server tells them.
//!
//! The server's lists are read leniently: what is not there is `None`, never a guess.

use serde_json::Value;

use super::space::id_of;

/// How many private spaces a plan has room for, and how many are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Most private spaces, if the plan tells.
    pub private_limit: Option<u64>,
    /// Private spaces so far, if told.
    pub private_count: Option<u64>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Id at the server.
    pub id: u64,
    /// Name; empty when there is none.
    pub name: String,
    /// Plan, if it is told.
    pub plan: Option<Plan>,
}

impl User {
    /// The user that an answer is: a user, a list of one, or `{"items": [user]}`.
    pub(super) fn from_value(value: &Value) -> Option<Self> {
        let user = match items(value) {
            Some(items) => items.first()?,
            None => value,
        };
        let name = user.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        Some(Self { id: id_of(user.get("id")?)?, name, plan: plan(user) })
    }
}

/// The plan of a user or an organization; none when it is not told.
fn plan(owner: &Value) -> Option<Plan> {
    let number = |value: Option<&Value>| value.and_then(Value::as_u64);
    let plan = owner.get("plan").filter(|plan| !plan.is_null());
    let count = number(owner.get("private_model_count"));
    if plan.is_none() && count.is_none() {
        return None;
    }
    let limit = plan.and_then(|plan| number(plan.get("private_model_limit")));
    Some(Plan { private_limit: limit, private_count: count })
}

/// Whether a user belongs to an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    /// Yes.
    Member,
    /// No.
    Stranger,
    /// The server's answer does not tell.
    Untold,
}

impl Membership {
    /// What a list of memberships says about an organization.
    pub(super) fn in_list(value: &Value, organization: u64) -> Self {
        let Some(items) = items(value) else { return Self::Untold };
        let organization_of = |item: &Value| {
            let direct = item.get("organization_id").and_then(id_of);
            direct.or_else(|| item.pointer("/_embedded/organization/id").and_then(id_of))
        };
        let ids: Vec<Option<u64>> = items.iter().map(organization_of).collect();
        if ids.contains(&Some(organization)) {
            Self::Member
        } else if ids.contains(&None) {
            Self::Untold
        } else {
            Self::Stranger
        }
    }
}

/// The entries of a list: `{"items": […]}` or the list itself.
pub(super) fn items(value: &Value) -> Option<&[Value]> {
    value.as_array().or_else(|| value.get("items")?.as_array()).map(Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn users_are_read_alone_and_in_lists() {
        let user = json!({"id": 9, "name": "Ada", "plan": {"private_model_limit": 20}, "private_model_count": 3});
        let expected = User {
            id: 9,
            name: "Ada".to_owned(),
            plan: Some(Plan { private_limit: Some(20), private_count: Some(3) }),
        };
        for value in [user.clone(), json!([user]), json!({"items": [user]})] {
            assert_eq!(User::from_value(&value), Some(expected.clone()));
        }
        assert_eq!(User::from_value(&json!({"id": 9})).and_then(|user| user.plan), None);
        assert_eq!(User::from_value(&json!({"items": []})), None);
    }

    #[test]
    fn a_membership_is_told_or_not_and_never_guessed() {
        let list = json!({"items": [{"id": 1, "organization_id": 5}, {"_embedded": {"organization": {"id": 6}}}]});
        assert_eq!(Membership::in_list(&list, 5), Membership::Member);
        assert_eq!(Membership::in_list(&list, 6), Membership::Member);
        assert_eq!(Membership::in_list(&list, 7), Membership::Stranger);
        assert_eq!(Membership::in_list(&json!({"items": [{"id": 1}]}), 1), Membership::Untold);
        assert_eq!(Membership::in_list(&json!({}), 1), Membership::Untold);
    }
}
