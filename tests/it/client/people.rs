//! Who uses the test server: users with their plans and tokens, and organizations.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A user.
pub(super) struct User {
    pub(super) id: u64,
    pub(super) name: &'static str,
    pub(super) subject: &'static str,
    pub(super) private_limit: u64,
}

/// An organization.
pub(super) struct Organization {
    pub(super) id: u64,
    pub(super) members: Vec<u64>,
    pub(super) is_paid: bool,
    pub(super) api_token: &'static str,
}

pub(super) const USERS: [User; 3] = [
    User { id: 1, name: "Ada", subject: "auth0|ada", private_limit: 2 },
    User { id: 2, name: "Bob", subject: "auth0|bob", private_limit: 0 },
    User { id: 3, name: "Cleo", subject: "auth0|cleo", private_limit: 20 },
];

/// The organizations: a paid one of Ada and Bob, and a free one of Ada.
pub(super) fn organizations() -> Vec<Organization> {
    vec![
        Organization { id: 10, members: vec![1, 2], is_paid: true, api_token: "s3cr3t-organization-token" },
        Organization { id: 11, members: vec![1], is_paid: false, api_token: "s3cr3t-other-token" },
    ]
}

/// What every token holds, so that tests can look for it in whatever was written.
pub(super) const SECRET: &str = "s3cr3t";

/// A token with this subject, which expires at this time, in seconds since 1970.
pub(super) fn token(subject: &str, expiry: u64) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let payload = part(&format!(r#"{{"sub":"{subject}","aud":"guesstimate-api","exp":{expiry}}}"#));
    format!("{}.{payload}.{SECRET}signature", part(r#"{"alg":"RS256"}"#))
}

/// A token that holds for the next centuries.
pub(super) fn token_of(user: &str) -> String {
    token(&format!("auth0|{user}"), 9_999_999_999)
}
