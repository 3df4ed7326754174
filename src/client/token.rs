//! Tokens: secrets that are shown to nobody but the server they are for.
//!
//! The payload of a JSON Web Token is read for its expiry and its subject; its signature is the server's business.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::error::ClientError;

/// Longest token, in bytes; longer ones would not fit into the headers that servers take.
const LEN_MAX: usize = 16_384;

/// A secret that the server knows its bearer by. Neither `Debug` nor any error shows it.
///
/// # Examples
/// ```
/// use tailcast::client::Token;
/// let token = Token::new("  secret\n")?;
/// assert_eq!(format!("{token:?}"), "Token(…)");
/// assert!(Token::new("two words").is_err());
/// # Ok::<(), tailcast::client::ClientError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Token without the white space around it and without a leading `Bearer`.
    ///
    /// # Errors
    /// [`ClientError::TokenMalformed`] if nothing is left, or anything but visible ASCII, or too much.
    pub fn new(text: &str) -> Result<Self, ClientError> {
        let text = text.trim();
        let text = match text.strip_prefix("Bearer") {
            Some(rest) if rest.is_empty() || rest.starts_with(char::is_whitespace) => rest.trim_start(),
            _ => text,
        };
        let found = if text.is_empty() {
            "nothing"
        } else if text.len() > LEN_MAX {
            "a longer text"
        } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            "a text with spaces or other characters that no token has"
        } else {
            return Ok(Self(text.to_owned()));
        };
        Err(ClientError::TokenMalformed { found })
    }

    /// The secret itself, for whoever sends it.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// When the token expires, if it says so.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        let seconds = self.payload()?.get("exp")?.as_f64().filter(|seconds| *seconds >= 0.0)?;
        UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(seconds).ok()?)
    }

    /// Whom the token names: the user's id at the login service.
    #[must_use]
    pub fn subject(&self) -> Option<String> {
        self.payload()?.get("sub")?.as_str().map(str::to_owned)
    }

    /// Fails if the token has expired by `now`.
    ///
    /// # Errors
    /// [`ClientError::TokenExpired`] with how long ago.
    pub fn check_expiry(&self, now: SystemTime) -> Result<(), ClientError> {
        match self.expires_at().and_then(|expiry| now.duration_since(expiry).ok()) {
            Some(ago) => Err(ClientError::TokenExpired { ago }),
            None => Ok(()),
        }
    }

    fn payload(&self) -> Option<serde_json::Value> {
        let mut parts = self.0.split('.');
        let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
        let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&bytes).ok()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt(payload: &str) -> Token {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        Token::new(&format!("{}.{}.signature", part("{\"alg\":\"RS256\"}"), part(payload))).expect("a token")
    }

    #[test]
    fn expiry_and_subject_are_read() {
        let token = jwt(r#"{"sub":"auth0|17","exp":1000000}"#);
        assert_eq!(token.subject().as_deref(), Some("auth0|17"));
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        assert!(token.check_expiry(at(999_999)).is_ok());
        match token.check_expiry(at(1_003_600)) {
            Err(ClientError::TokenExpired { ago }) => assert_eq!(ago, Duration::from_secs(3600)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_no_web_token_never_expires_here() {
        for text in ["opaque", "a.b", "a.b.c", "..", "a.e30.c"] {
            let token = Token::new(text).expect("a token");
            assert_eq!((token.expires_at(), token.subject()), (None, None), "{text}");
        }
        for payload in [r#"{"exp":-5}"#, r#"{"exp":1e300}"#, r#"{"exp":"soon"}"#, "[1]"] {
            assert_eq!(jwt(payload).expires_at(), None, "{payload}");
        }
    }

    #[test]
    fn malformed_tokens_are_refused_without_being_shown() {
        for text in ["", " \n", "Bearer ", "sec ret", "sécret", "sec\u{0}ret"] {
            let error = Token::new(text).expect_err("no token");
            assert!(!error.to_string().contains("sec"), "{error}");
        }
        assert!(Token::new(&"x".repeat(LEN_MAX + 1)).is_err());
        assert_eq!(Token::new("Bearer  abc ").map(|token| token.secret().to_owned()).ok().as_deref(), Some("abc"));
    }
}
