//! What can go wrong between a model and the server, as data with a remedy.
//!
//! No error holds a token.

use std::time::Duration;

use thiserror::Error;

use super::request::{TransportError, TransportErrorKind};
use super::space::Space;

/// Why the server answered 401, as far as can be found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No token was sent.
    NoToken,
    /// The server does not take the token for anybody's.
    NotAccepted,
    /// The token of an organization is not the one that it has now.
    ApiToken,
    /// The server knows the user, who may not do this.
    NotPermitted,
    /// One of the two.
    Unknown,
}

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ClientError {
    /// A text that is no address of a server.
    #[error("expected the address of a server such as https://api.getguesstimate.com, found {reason}{}", quoted(.text))]
    Address {
        /// The text; empty where it holds a secret.
        text: String,
        /// What it is instead.
        reason: &'static str,
    },
    /// A text that names no space.
    #[error("expected the id of a space or its address, found `{text}`")]
    SpaceReference {
        /// The text, without its query.
        text: String,
    },
    /// A text that is no token.
    #[error("expected a token, found {found}")]
    TokenMalformed {
        /// What was found.
        found: &'static str,
    },
    /// A token that has expired.
    #[error("the token expired {} ago", span_text(*.ago))]
    TokenExpired {
        /// How long ago.
        ago: Duration,
    },
    /// A call that needs a token and has none.
    #[error("expected a token, found none")]
    TokenMissing,
    /// A token that would be sent in clear text to another machine.
    #[error("the token is not sent to {host} over plain http")]
    Insecure {
        /// The server.
        host: String,
    },
    /// No answer, or no whole one.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// A redirect that is not followed.
    #[error("the server redirects to {target}")]
    Redirected {
        /// Scheme, host and port that it redirects to.
        target: String,
    },
    /// Status 401.
    #[error("{}", refusal_text(*.refusal, .what))]
    Unauthorized {
        /// What was asked for.
        what: String,
        /// Why it was refused.
        refusal: Refusal,
    },
    /// Status 404.
    #[error("the server has no {what}")]
    NotFound {
        /// What was asked for.
        what: String,
    },
    /// The space changed on the server since the version that the change is based on.
    #[error("the space changed on the server since the version that the model is based on")]
    Conflict {
        /// The space as it is now.
        current: Box<Space>,
    },
    /// Status 422: the rules of the server, field by field.
    #[error("the server refuses it: {}", errors_text(.errors))]
    Invalid {
        /// Field and message.
        errors: Vec<(String, String)>,
    },
    /// Status 400, or another that says the request is wrong.
    #[error("the server does not understand the request (status {status})")]
    BadRequest {
        /// Status.
        status: u16,
    },
    /// Status 429, and the wait is longer than is waited here.
    #[error("the server takes no more requests for now{}", wait_text(*.retry_after))]
    Busy {
        /// How long to wait.
        retry_after: Option<Duration>,
    },
    /// Status 500 or above.
    #[error("the server failed (status {status})")]
    Server {
        /// Status.
        status: u16,
    },
    /// An answer that makes no sense.
    #[error("expected {expected} from the server, found {found}")]
    Unexpected {
        /// What was expected.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// A write whose answer did not arrive, and of which no trace was found.
    #[error("it is not known whether {what} was done: {reason}")]
    Unknown {
        /// What was asked for.
        what: String,
        /// Why its answer did not arrive.
        reason: String,
    },
    /// The user is no member of the organization.
    #[error("you are no member of organization {organization}")]
    NotAMember {
        /// Its id.
        organization: u64,
    },
    /// The plan has no room for another private space.
    #[error("the plan of {owner} has room for {limit} private spaces, and {count} are there")]
    NoPrivateSpaces {
        /// Whose plan.
        owner: String,
        /// Most private spaces.
        limit: u64,
        /// Private spaces so far.
        count: u64,
    },
}

impl ClientError {
    /// What the user can do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Address { .. } => "give https://HOST, without user, password or query",
            Self::SpaceReference { .. } => "such as 123 or https://www.getguesstimate.com/models/123",
            Self::TokenMalformed { .. } | Self::TokenMissing => TOKEN_HELP,
            Self::TokenExpired { .. } => "log in at getguesstimate.com again, and take the new token",
            Self::Insecure { .. } => "use https; plain http is for this machine alone",
            Self::Transport(error) => transport_help(error.kind),
            Self::Redirected { target } => {
                return Some(format!("if that server is to be trusted, name it: --api-url {target}"));
            }
            Self::Unauthorized { refusal, .. } => match refusal {
                Refusal::NoToken => TOKEN_HELP,
                Refusal::NotAccepted => "log in again and take the new token; check that it is for this server",
                Refusal::ApiToken => "an administrator of the organization can enable API access, and see its token",
                Refusal::NotPermitted => {
                    "spaces are changed by their creator, or by the members of their organization; read shared ones by \
                     the address with its token"
                }
                Refusal::Unknown => "the token may be expired or for another server, or you have no right to this",
            },
            Self::NotFound { .. } => "check the id; it may have been deleted",
            Self::Conflict { .. } => {
                "pull it into another file, bring your changes there, and update from that; nothing was overwritten"
            }
            Self::Invalid { errors } => return invalid_help(errors),
            Self::BadRequest { .. } => "check that --api-url names a Guesstimate server",
            Self::Busy { .. } => "try again later",
            Self::Server { .. } => "try again later; if it persists, check that --api-url names a Guesstimate server",
            Self::Unexpected { .. } => {
                "check that --api-url names a Guesstimate server, and no proxy or login page answers"
            }
            Self::Unknown { .. } => "look at your spaces (`tailcast list`) before doing it again",
            Self::NotAMember { .. } => {
                "you would lose the right to change your own space: ask an administrator to invite you"
            }
            Self::NoPrivateSpaces { .. } => "push it as a public space, delete a private one, or change the plan",
        };
        Some(help.to_owned())
    }
}

const TOKEN_HELP: &str = "log in at getguesstimate.com, copy the token of a request's `Authorization: Bearer` header, and \
                          put it into GUESSTIMATE_TOKEN";

const fn transport_help(kind: TransportErrorKind) -> &'static str {
    match kind {
        TransportErrorKind::Resolve => "check the network, and the spelling of --api-url",
        TransportErrorKind::Connect => "check the network, the proxy variables, and the port of --api-url",
        TransportErrorKind::Tls => {
            "check the clock and the root certificates of this machine, and whether a proxy stands in between"
        }
        TransportErrorKind::Timeout => "try again, or allow more time with --timeout",
        TransportErrorKind::Interrupted => "try again",
        TransportErrorKind::TooLarge | TransportErrorKind::Malformed => {
            "check that --api-url names a Guesstimate server"
        }
        TransportErrorKind::Setup => "install the root certificates of this system (ca-certificates)",
    }
}

fn invalid_help(errors: &[(String, String)]) -> Option<String> {
    let mentions = |words: &str| errors.iter().any(|(_, message)| message.contains(words));
    if mentions("private models") {
        let help = "the plan has no room for this private space, and the server checks that on every change: make it \
                    public, delete other private spaces, or change the plan";
        return Some(help.to_owned());
    }
    if errors.iter().any(|(field, _)| field == "is_private") {
        return Some("only private spaces have share links: disable the link, or keep the space private".to_owned());
    }
    if errors.is_empty() {
        return Some("enable the share link before rotating it".to_owned());
    }
    if errors.iter().any(|(field, _)| field == "variable_name") {
        return Some("variable names are letters, digits and `_`, and each is one fact's alone".to_owned());
    }
    None
}

fn refusal_text(refusal: Refusal, what: &str) -> String {
    match refusal {
        Refusal::NoToken => format!("{what} needs a token"),
        Refusal::NotAccepted => format!("the server does not accept the token, which {what} needs"),
        Refusal::ApiToken => format!("the organization's token gives no right to {what}"),
        Refusal::NotPermitted => format!("you have no right to {what}"),
        Refusal::Unknown => format!("the server refuses {what}"),
    }
}

fn errors_text(errors: &[(String, String)]) -> String {
    if errors.is_empty() {
        return "it does not say why".to_owned();
    }
    let texts: Vec<_> = errors.iter().map(|(field, message)| format!("{field} {message}")).collect();
    texts.join(", ")
}

fn quoted(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" `{text}`") }
}

fn wait_text(wait: Option<Duration>) -> String {
    wait.map_or_else(String::new, |wait| format!(", and asks to wait {}", span_text(wait)))
}

/// A span of time in its largest unit.
fn span_text(span: Duration) -> String {
    let seconds = span.as_secs();
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plan_limits_are_explained() {
        let message = "can not make more private models with current plan";
        let error = ClientError::Invalid { errors: vec![("user_id".to_owned(), message.to_owned())] };
        assert_eq!(error.to_string(), format!("the server refuses it: user_id {message}"));
        assert!(error.help().is_some_and(|help| help.contains("plan")));
    }

    #[test]
    fn spans_are_told_in_their_largest_unit() {
        let text = |seconds| span_text(Duration::from_secs(seconds));
        assert_eq!(
            [text(1), text(119), text(120), text(7_300), text(200_000)],
            ["1 second", "119 seconds", "2 minutes", "2 hours", "2 days"]
        );
    }
}
