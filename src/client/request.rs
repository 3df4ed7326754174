//! Requests and answers, and the transport that takes one to the server and the other back.
//!
//! A request holds its credential apart from its headers, so that printing a request never prints a secret.

use std::fmt::Write as _;
use std::time::Duration;

use reqwest::Url;
use thiserror::Error;

use super::token::Token;

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates.
    Post,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
}

impl Method {
    /// Name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether it changes nothing and may be repeated at will.
    #[must_use]
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Get)
    }
}

/// What a request proves its right by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// Token of a user.
    User(Token),
    /// Token of an organization, good for its facts alone.
    Organization(Token),
    /// Token of a share link, good for reading its space alone.
    Share(Token),
}

impl Credential {
    /// Name of the header that carries it.
    #[must_use]
    pub const fn header(&self) -> &'static str {
        match self {
            Self::User(_) => "authorization",
            Self::Organization(_) => "api-token",
            Self::Share(_) => "shareable-link-token",
        }
    }

    /// The secret.
    #[must_use]
    pub const fn token(&self) -> &Token {
        match self {
            Self::User(token) | Self::Organization(token) | Self::Share(token) => token,
        }
    }

    /// Value of the header that carries it.
    #[must_use]
    pub fn header_value(&self) -> String {
        match self {
            Self::User(token) => format!("Bearer {}", token.secret()),
            Self::Organization(token) | Self::Share(token) => token.secret().to_owned(),
        }
    }
}

/// One request to the server.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// What it does.
    pub method: Method,
    /// To what.
    pub url: Url,
    /// By which rights.
    pub credentials: Vec<Credential>,
    /// What it says: a JSON document.
    pub body: Option<serde_json::Value>,
}

impl Request {
    /// The request as text for people, without its secrets.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut text = format!("{} {}\nAccept: application/json\n", self.method.name(), self.url);
        for credential in &self.credentials {
            let _ = match credential {
                Credential::User(_) => writeln!(text, "Authorization: Bearer (not shown)"),
                Credential::Organization(_) => writeln!(text, "Api-Token: (not shown)"),
                Credential::Share(_) => writeln!(text, "Shareable-Link-Token: (not shown)"),
            };
        }
        if let Some(body) = &self.body {
            let _ = writeln!(text, "Content-Type: application/json\n\n{body:#}");
        }
        text
    }
}

/// An answer of the server, of whatever status.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// Status.
    pub status: u16,
    /// Target of a redirect.
    pub location: Option<String>,
    /// How long to wait before asking again, as a number of seconds or a date.
    pub retry_after: Option<String>,
    /// When the server answered, by its own clock.
    pub date: Option<String>,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

/// Where the way to an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportErrorKind {
    /// The name of the server is not known.
    Resolve,
    /// The server can't be reached.
    Connect,
    /// The server can't prove who it is, or no common encryption is found.
    Tls,
    /// Nothing, or not all, came in time.
    Timeout,
    /// The connection broke before the answer was complete.
    Interrupted,
    /// The answer is larger than allowed.
    TooLarge,
    /// The answer is no HTTP.
    Malformed,
    /// The client could not be set up.
    Setup,
}

/// No answer, or no whole one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct TransportError {
    /// Where the way ended.
    pub kind: TransportErrorKind,
    /// Whether the server surely did not get the request.
    pub surely_not_sent: bool,
    /// What happened, with the server's name.
    pub message: String,
}

/// Takes a request to a server and brings its answer back. Follows no redirects and repeats nothing.
pub trait Transport: Send + Sync {
    /// Sends a request.
    ///
    /// # Errors
    /// [`TransportError`] when there is no whole answer; an answer of any status is none.
    fn send(&self, request: &Request) -> Result<Response, TransportError>;

    /// Longest time that one request can take.
    fn timeout(&self) -> Duration;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_text_nor_debug_output_shows_a_secret() {
        let token = || Token::new("s3cr3t").expect("a token");
        let request = Request {
            method: Method::Post,
            url: Url::parse("https://x.org/spaces").expect("an address"),
            credentials: vec![Credential::User(token()), Credential::Organization(token()), Credential::Share(token())],
            body: Some(serde_json::json!({"space": {"name": "a"}})),
        };
        let shown = request.shown();
        assert!(
            shown.starts_with("POST https://x.org/spaces\nAccept: application/json\nAuthorization: Bearer (not shown)")
        );
        assert!(!format!("{shown}{request:?}").contains("s3cr3t"));
    }
}
