//! One request from beginning to end: the right to send its token, attempts, waits, redirects, and what a status means.

use std::time::{Duration, Instant, SystemTime};

use reqwest::Url;
use serde_json::Value;

use super::address::{is_confidential, is_same_origin};
use super::error::{ClientError, Refusal};
use super::request::{Request, Response, Transport};
use super::retry::{Attempt, Pause, RetryPolicy, retry_after};
use super::space::Space;

/// Most redirects that are followed for one request.
const REDIRECTS_MAX: u32 = 5;

/// Sends requests until each has its answer.
pub struct Session {
    transport: Box<dyn Transport>,
    pause: Box<dyn Pause>,
    policy: RetryPolicy,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("policy", &self.policy).finish_non_exhaustive()
    }
}

impl Session {
    /// Session over a transport.
    #[must_use]
    pub fn new(transport: Box<dyn Transport>, pause: Box<dyn Pause>, policy: RetryPolicy) -> Self {
        Self { transport, pause, policy }
    }

    /// Sends a request, again where that is safe and promising, and along redirects within the server.
    ///
    /// # Errors
    /// - [`ClientError::TokenExpired`] and [`ClientError::Insecure`] before anything is sent.
    /// - [`ClientError::Transport`] if there is no whole answer.
    /// - [`ClientError::Redirected`] if the answer is elsewhere and is not fetched from there.
    pub fn send(&self, request: &Request) -> Result<Response, ClientError> {
        let mut request = request.clone();
        for _ in 0..=REDIRECTS_MAX {
            check_credentials(&request)?;
            let response = self.attempts(&request)?;
            match redirect(&request, &response)? {
                Some(url) => request.url = url,
                None => return Ok(response),
            }
        }
        Err(ClientError::Redirected { target: "itself, again and again".to_owned() })
    }

    /// Lets time pass after an attempt, numbered from 1.
    pub fn back_off(&self, attempt: u32) {
        self.pause.pause(self.policy.backoff(attempt, self.pause.jitter()));
    }

    fn attempts(&self, request: &Request) -> Result<Response, ClientError> {
        // Waiting is not counted: a server that says when to come back is not slow.
        let mut spent = Duration::ZERO;
        for attempt in 1.. {
            let begin = Instant::now();
            let result = self.transport.send(request);
            spent += begin.elapsed();
            let outcome = match &result {
                Ok(response) => Attempt::Answered(response),
                Err(error) => Attempt::Failed(error),
            };
            let wait = self.policy.wait(attempt, request.method.is_read(), outcome, self.pause.jitter());
            match wait.filter(|_| spent < self.transport.timeout()) {
                Some(wait) => self.pause.pause(wait),
                None => return Ok(result?),
            }
        }
        unreachable!("the loop has no other end")
    }
}

/// Fails if the token of a request has expired or would be sent in clear text.
fn check_credentials(request: &Request) -> Result<(), ClientError> {
    for credential in &request.credentials {
        credential.token().check_expiry(SystemTime::now())?;
        if !is_confidential(&request.url) {
            return Err(ClientError::Insecure { host: request.url.host_str().unwrap_or_default().to_owned() });
        }
    }
    Ok(())
}

/// Where a redirect leads, if it may be followed; none if the answer is no redirect.
fn redirect(request: &Request, response: &Response) -> Result<Option<Url>, ClientError> {
    let keeps_method = match response.status {
        301..=303 => false,
        307 | 308 => true,
        _ => return Ok(None),
    };
    let target = response.location.as_deref().and_then(|location| request.url.join(location).ok());
    let Some(target) = target else {
        let found = format!("a redirect without a target (status {})", response.status);
        return Err(ClientError::Unexpected { expected: "an answer", found });
    };
    let is_followed = is_same_origin(&request.url, &target) && (keeps_method || request.method.is_read());
    if is_followed { Ok(Some(target)) } else { Err(ClientError::Redirected { target: origin_text(&target) }) }
}

/// Scheme, host and port: the rest of an address is another's, and could hold anything.
fn origin_text(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// The JSON document that an answer holds, if its status says that all is well.
///
/// # Parameters
/// - `what`: what was asked for, after "no right to" and "the server has no".
///
/// # Errors
/// What the status means; [`ClientError::Unexpected`] if the document is none.
pub(super) fn document(response: &Response, expected: &'static str, what: &str) -> Result<Value, ClientError> {
    check_status(response, what)?;
    serde_json::from_slice(&response.body).map_err(|error| {
        let start = response.body.trim_ascii_start();
        let found = if start.is_empty() {
            "an empty answer".to_owned()
        } else if start.starts_with(b"<") {
            "a web page".to_owned()
        } else if error.is_eof() {
            "JSON that breaks off".to_owned()
        } else {
            "no JSON".to_owned()
        };
        ClientError::Unexpected { expected, found }
    })
}

/// Fails if the status says that not all is well.
///
/// # Errors
/// As [`document`].
pub(super) fn check_status(response: &Response, what: &str) -> Result<(), ClientError> {
    let what = what.to_owned();
    Err(match response.status {
        200..=299 => return Ok(()),
        401 | 403 => ClientError::Unauthorized { what, refusal: Refusal::Unknown },
        404 | 410 => ClientError::NotFound { what },
        409 => match conflict(response) {
            Some(current) => ClientError::Conflict { current: Box::new(current) },
            None => ClientError::Unexpected { expected: "the space as it is now", found: "something else".to_owned() },
        },
        422 => ClientError::Invalid { errors: validation_errors(&response.body) },
        429 => ClientError::Busy { retry_after: retry_after(response) },
        status @ 500.. => ClientError::Server { status },
        status => ClientError::BadRequest { status },
    })
}

fn conflict(response: &Response) -> Option<Space> {
    Space::from_value(serde_json::from_slice(&response.body).ok()?).ok()
}

/// `{"field": ["message", …]}`, also below `errors`.
fn validation_errors(body: &[u8]) -> Vec<(String, String)> {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(body) else { return Vec::new() };
    if let Some(Value::Object(inner)) = fields.get_mut("errors").map(Value::take) {
        fields = inner;
    }
    let mut errors = Vec::new();
    for (field, messages) in fields {
        let messages = match messages {
            Value::Array(messages) => messages,
            message => vec![message],
        };
        errors.extend(messages.iter().filter_map(Value::as_str).map(|message| (field.clone(), message.to_owned())));
    }
    errors
}
