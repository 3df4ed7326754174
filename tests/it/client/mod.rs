//! The Guesstimate client against a server that speaks the contract, over sockets of this machine.

mod calls;
#[cfg(feature = "cli")]
mod command;
#[cfg(feature = "cli")]
mod command_faults;
mod faults;
mod people;
mod rules;
mod server;
mod uploads;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tailcast::client::{ApiAddress, Client, HttpTransport, Limits, Pause, RetryPolicy, Session, Token};

use server::TestServer;

/// Notes how long it was asked to wait, and does not.
#[derive(Debug, Clone, Default)]
struct NoWait(Arc<Mutex<Vec<Duration>>>);

impl Pause for NoWait {
    fn pause(&self, duration: Duration) {
        self.0.lock().expect("a lock").push(duration);
    }

    fn jitter(&self) -> f64 {
        0.5
    }
}

/// Limits under which a test that hangs fails soon.
fn limits() -> Limits {
    Limits { connect: Duration::from_secs(5), total: Duration::from_secs(10), response_bytes: 4 << 20 }
}

fn session(limits: Limits, wait: NoWait) -> Session {
    Session::new(Box::new(HttpTransport::new(limits)), Box::new(wait), RetryPolicy::default())
}

/// Client of a server by a token, that waits for nothing.
fn client_with(server: &TestServer, token: Option<&str>, limits: Limits) -> (Client, NoWait) {
    let wait = NoWait::default();
    let token = token.map(|token| Token::new(token).expect("a token"));
    let address = ApiAddress::parse(&server.url()).expect("an address");
    (Client::new(address, token, session(limits, wait.clone())), wait)
}

fn client(server: &TestServer, token: &str) -> Client {
    client_with(server, Some(token), limits()).0
}
