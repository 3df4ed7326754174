//! What is repeated, and when: a pure function of what happened.

use std::time::Duration;

use super::http_date;
use super::request::{Response, TransportError, TransportErrorKind};

/// What came of one attempt.
#[derive(Debug, Clone, Copy)]
pub enum Attempt<'a> {
    /// No answer.
    Failed(&'a TransportError),
    /// An answer.
    Answered(&'a Response),
}

/// How often and how soon a request is repeated.
///
/// Waits grow from `first` by a factor of two up to `longest`, each shortened at random to no less than half. What the
/// server asks for in `Retry-After` is the least that is waited.
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use tailcast::client::{Attempt, Response, RetryPolicy};
/// let policy = RetryPolicy::default();
/// let busy = Response { status: 429, retry_after: Some("7".to_owned()), ..Response::default() };
/// assert_eq!(policy.wait(1, false, Attempt::Answered(&busy), 0.0), Some(Duration::from_secs(7)));
/// let broken = Response { status: 500, ..Response::default() };
/// assert_eq!(policy.wait(1, false, Attempt::Answered(&broken), 0.0), None); // a write is not repeated
/// assert!(policy.wait(1, true, Attempt::Answered(&broken), 0.0).is_some()); // a read is
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Most attempts in all.
    pub attempts_max: u32,
    /// Wait after the first attempt.
    pub first: Duration,
    /// Longest wait of our own choice.
    pub longest: Duration,
    /// Longest wait that a server may ask for; if it asks for more, the request fails.
    pub asked_max: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts_max: 4,
            first: Duration::from_millis(500),
            longest: Duration::from_secs(8),
            asked_max: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// How long to wait before the next attempt; `None` if there is to be none.
    ///
    /// # Parameters
    /// - `attempt`: number of the attempt that was made, from 1.
    /// - `is_read`: whether the request changes nothing.
    /// - `jitter`: uniform in `[0, 1)`.
    #[must_use]
    pub fn wait(&self, attempt: u32, is_read: bool, outcome: Attempt<'_>, jitter: f64) -> Option<Duration> {
        if attempt >= self.attempts_max || !may_repeat(is_read, outcome) {
            return None;
        }
        let asked = match outcome {
            Attempt::Answered(response) => retry_after(response).unwrap_or_default(),
            Attempt::Failed(_) => Duration::ZERO,
        };
        if asked > self.asked_max {
            return None;
        }
        Some(self.backoff(attempt, jitter).max(asked))
    }

    /// Wait after an attempt, from 1, when nobody asks for a longer one.
    #[must_use]
    pub fn backoff(&self, attempt: u32, jitter: f64) -> Duration {
        let doubled = self.first.saturating_mul(1 << attempt.saturating_sub(1).min(20)).min(self.longest);
        doubled.mul_f64(1.0 - jitter.clamp(0.0, 1.0) / 2.0)
    }
}

/// Whether the request may be sent again: a read whose failure may pass, or a write that the server did not take.
fn may_repeat(is_read: bool, outcome: Attempt<'_>) -> bool {
    match outcome {
        Attempt::Answered(response) => match response.status {
            429 => true,
            500 | 502 | 503 | 504 => is_read,
            _ => false,
        },
        Attempt::Failed(error) => match error.kind {
            TransportErrorKind::Tls | TransportErrorKind::Setup | TransportErrorKind::TooLarge => false,
            TransportErrorKind::Resolve | TransportErrorKind::Connect | TransportErrorKind::Malformed => {
                is_read || error.surely_not_sent
            }
            // Who waited as long as was allowed is not made to wait once more.
            TransportErrorKind::Timeout => false,
            TransportErrorKind::Interrupted => is_read || error.surely_not_sent,
        },
    }
}

/// How long the server asks to wait: seconds, or until a date by its own clock.
pub(super) fn retry_after(response: &Response) -> Option<Duration> {
    let text = response.retry_after.as_deref()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let now = response.date.as_deref().and_then(http_date::seconds).or_else(http_date::now)?;
    Some(Duration::from_secs(http_date::seconds(text)?.saturating_sub(now)))
}

/// Waits; tests do not.
pub trait Pause: Send + Sync {
    /// Lets `duration` pass.
    fn pause(&self, duration: Duration);

    /// A number that is uniform in `[0, 1)`, so that clients that failed together do not return together.
    fn jitter(&self) -> f64;
}

/// Waits by sleeping.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sleep;

impl Pause for Sleep {
    fn pause(&self, duration: Duration) {
        std::thread::sleep(duration);
    }

    fn jitter(&self) -> f64 {
        use std::hash::{BuildHasher, Hasher};
        // Keyed anew by the operating system's randomness in each process, and differently for each call.
        let bits = std::collections::hash_map::RandomState::new().build_hasher().finish();
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: TransportErrorKind, surely_not_sent: bool) -> TransportError {
        TransportError { kind, surely_not_sent, message: String::new() }
    }

    fn answer(status: u16) -> Response {
        Response { status, ..Response::default() }
    }

    #[test]
    fn waits_double_up_to_the_longest_and_jitter_halves_them_at_most() {
        let policy = RetryPolicy::default();
        let waits: Vec<u128> = (1..=7).map(|attempt| policy.backoff(attempt, 0.0).as_millis()).collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(policy.backoff(1, 1.0), Duration::from_millis(250));
        assert_eq!(policy.backoff(u32::MAX, 0.0), policy.longest);
    }

    #[test]
    fn writes_are_repeated_only_when_the_server_did_not_take_them() {
        use TransportErrorKind::{Connect, Interrupted, Malformed, Resolve, Setup, Timeout, Tls, TooLarge};
        fn repeats(is_read: bool, outcome: Attempt<'_>) -> bool {
            RetryPolicy::default().wait(1, is_read, outcome, 0.5).is_some()
        }
        for status in [200, 301, 400, 401, 404, 409, 422] {
            assert!(!repeats(true, Attempt::Answered(&answer(status))), "{status}");
        }
        for status in [500, 502, 503, 504] {
            let answer = answer(status);
            let outcome = Attempt::Answered(&answer);
            assert_eq!((repeats(true, outcome), repeats(false, outcome)), (true, false), "{status}");
        }
        assert!(repeats(false, Attempt::Answered(&answer(429))));
        for kind in [Resolve, Connect, Interrupted, Malformed] {
            let sent = failure(kind, false);
            let outcome = Attempt::Failed(&sent);
            assert_eq!((repeats(true, outcome), repeats(false, outcome)), (true, false), "{kind:?}");
            assert!(repeats(false, Attempt::Failed(&failure(kind, true))), "{kind:?}");
        }
        for kind in [Tls, Setup, TooLarge, Timeout] {
            assert!(!repeats(true, Attempt::Failed(&failure(kind, true))), "{kind:?}");
        }
    }

    #[test]
    fn the_server_is_never_asked_sooner_than_it_wants() {
        let policy = RetryPolicy::default();
        let wait = |retry_after: &str, date: Option<&str>| {
            let response =
                Response { retry_after: Some(retry_after.to_owned()), date: date.map(str::to_owned), ..answer(429) };
            policy.wait(1, true, Attempt::Answered(&response), 0.999)
        };
        assert_eq!(wait("3", None), Some(Duration::from_secs(3)));
        assert_eq!(wait("60", None), Some(Duration::from_secs(60)));
        assert_eq!(wait("61", None), None);
        let dates = ("Sun, 06 Nov 1994 08:49:47 GMT", Some("Sun, 06 Nov 1994 08:49:37 GMT"));
        assert_eq!(wait(dates.0, dates.1), Some(Duration::from_secs(10)));
        assert!(wait("soon", None).is_some_and(|wait| wait < Duration::from_secs(1)));
    }

    #[test]
    fn attempts_are_counted() {
        let policy = RetryPolicy::default();
        let refused = failure(TransportErrorKind::Connect, true);
        assert!(policy.wait(3, true, Attempt::Failed(&refused), 0.0).is_some());
        assert!(policy.wait(4, true, Attempt::Failed(&refused), 0.0).is_none());
    }
}
