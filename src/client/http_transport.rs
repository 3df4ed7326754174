//! The transport over HTTP: reqwest with rustls, one connection a request.
//!
//! Proxies that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`) are used, except for this machine
//! itself, whose requests never leave it. Redirects, retries and cookies are not done here.

use std::error::Error as StdError;
use std::io::{self, Read};
use std::sync::{Once, OnceLock};
use std::time::Duration;

use reqwest::Url;
use reqwest::blocking;
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderValue, LOCATION, RETRY_AFTER};

use super::address::is_loopback;
use super::request::{Method, Request, Response, Transport, TransportError, TransportErrorKind};

/// How long and how much one request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until the connection stands, encryption included.
    pub connect: Duration,
    /// In all, until the last byte of the answer.
    pub total: Duration,
    /// Bytes of an answer, decompressed.
    pub response_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), total: Duration::from_secs(60), response_bytes: 64 << 20 }
    }
}

/// Sends requests over HTTP.
#[derive(Debug)]
pub struct HttpTransport {
    limits: Limits,
    /// One client for each way out, made when it is first used: without root certificates, which not every machine
    /// has, plain http to this machine still works.
    clients: [OnceLock<Result<blocking::Client, TransportError>>; 3],
}

/// How a server is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Another machine, by the proxies of the environment.
    Outward,
    /// This machine, encrypted.
    Loopback,
    /// This machine, in clear text.
    PlainLoopback,
}

impl Way {
    fn to(url: &Url) -> Self {
        match (is_loopback(url), url.scheme()) {
            (false, _) => Self::Outward,
            (true, "http") => Self::PlainLoopback,
            (true, _) => Self::Loopback,
        }
    }
}

impl HttpTransport {
    /// Transport with these limits.
    #[must_use]
    pub const fn new(limits: Limits) -> Self {
        Self { limits, clients: [const { OnceLock::new() }; 3] }
    }

    fn client(&self, url: &Url) -> Result<&blocking::Client, TransportError> {
        let way = Way::to(url);
        self.clients[way as usize].get_or_init(|| self.new_client(way)).as_ref().map_err(Clone::clone)
    }

    fn new_client(&self, way: Way) -> Result<blocking::Client, TransportError> {
        static PROVIDER: Once = Once::new();
        // Without a provider building a client panics, even for plain http. One that is there already is as good.
        PROVIDER.call_once(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let builder = blocking::Client::builder()
            .user_agent(concat!("tailcast/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(self.limits.connect)
            .timeout(self.limits.total)
            // Kept connections may be closed by the server just when a write is sent.
            .pool_max_idle_per_host(0);
        let builder = match way {
            Way::Outward => builder,
            Way::Loopback => builder.no_proxy(),
            Way::PlainLoopback => builder.no_proxy().tls_certs_only([]),
        };
        builder.build().map_err(|error| TransportError {
            kind: TransportErrorKind::Setup,
            surely_not_sent: true,
            message: format!("the connection can't be set up: {}", causes(&error)),
        })
    }

    fn request(&self, request: &Request) -> Result<blocking::RequestBuilder, TransportError> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        // The time of a request is that of its whole answer, that of a client of each read.
        let builder = self.client(&request.url)?.request(method, request.url.clone()).timeout(self.limits.total);
        // Exactly this: with anything beside it the server answers errors in HTML.
        let mut builder = builder.header(ACCEPT, "application/json");
        for credential in &request.credentials {
            if let Ok(mut value) = HeaderValue::from_str(&credential.header_value()) {
                value.set_sensitive(true);
                builder = builder.header(credential.header(), value);
            }
        }
        Ok(match &request.body {
            Some(body) => builder.header(CONTENT_TYPE, "application/json").body(body.to_string()),
            None => builder,
        })
    }

    fn body(&self, request: &Request, response: blocking::Response) -> Result<Vec<u8>, TransportError> {
        let limit = self.limits.response_bytes;
        let mut body = Vec::new();
        let read = response.take(limit as u64 + 1).read_to_end(&mut body);
        let host = host(request);
        match read {
            Ok(_) if body.len() > limit => Err(TransportError {
                kind: TransportErrorKind::TooLarge,
                surely_not_sent: false,
                message: format!("expected an answer of at most {limit} bytes from {host}, found a larger one"),
            }),
            Ok(_) => Ok(body),
            Err(error) => {
                let is_timeout = find::<reqwest::Error>(&error).is_some_and(reqwest::Error::is_timeout)
                    || error.kind() == io::ErrorKind::TimedOut;
                let (kind, message) = if is_timeout {
                    (TransportErrorKind::Timeout, self.timeout_message(&host))
                } else {
                    let message = format!("the answer of {host} broke off after {} bytes", body.len());
                    (TransportErrorKind::Interrupted, message)
                };
                Err(TransportError { kind, surely_not_sent: false, message })
            }
        }
    }

    fn timeout_message(&self, host: &str) -> String {
        format!("{host} gave no whole answer within {} s", self.limits.total.as_secs_f64())
    }

    fn error(&self, request: &Request, error: reqwest::Error) -> TransportError {
        let host = host(request);
        let error = error.without_url();
        let never_connected = error.is_connect() || error.is_builder();
        let (kind, message) = if error.is_timeout() && never_connected {
            let message = format!("no connection to {host} within {} s", self.limits.connect.as_secs_f64());
            (TransportErrorKind::Timeout, message)
        } else if error.is_timeout() {
            (TransportErrorKind::Timeout, self.timeout_message(&host))
        } else if find::<rustls::Error>(&error).is_some() {
            (TransportErrorKind::Tls, format!("no encrypted connection to {host}: {}", causes(&error)))
        } else if error.is_dns() {
            (TransportErrorKind::Resolve, format!("the name {host} can't be resolved: {}", causes(&error)))
        } else if never_connected {
            (TransportErrorKind::Connect, format!("{host} can't be reached: {}", causes(&error)))
        } else if causes(&error).contains("invalid HTTP") {
            (TransportErrorKind::Malformed, format!("{host} does not answer in HTTP"))
        } else {
            (TransportErrorKind::Interrupted, format!("{host} broke off the connection: {}", causes(&error)))
        };
        TransportError { kind, surely_not_sent: never_connected, message }
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let response = self.request(request)?.send().map_err(|error| self.error(request, error))?;
        let header = |name| response.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let header = |name| header(name).map(str::to_owned);
        let answer = Response {
            status: response.status().as_u16(),
            location: header(LOCATION),
            retry_after: header(RETRY_AFTER),
            date: header(DATE),
            body: Vec::new(),
        };
        Ok(Response { body: self.body(request, response)?, ..answer })
    }

    fn timeout(&self) -> Duration {
        self.limits.total
    }
}

/// The server of a request, with its port if that is unusual.
fn host(request: &Request) -> String {
    let host = request.url.host_str().unwrap_or_default();
    request.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The innermost two messages of an error; the outer ones say only that something went wrong.
fn causes(error: &(dyn StdError + 'static)) -> String {
    let mut messages: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let message = error.to_string();
        if !messages.last().is_some_and(|outer| outer.contains(&message)) {
            messages.push(message);
        }
        next = error.source();
    }
    messages.split_off(messages.len().saturating_sub(2)).join(": ")
}

/// The first cause of type `T`, also where an I/O error wraps it.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped as &(dyn StdError + 'static)),
            None => error.source(),
        };
    }
    None
}
