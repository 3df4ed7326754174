//! The Guesstimate REST client: spaces, share links, organizations and their facts.
//!
//! ```text
//! Model --Upload (checked, in Guesstimate's own words)--> SpaceDraft --+
//!                                                                      v
//! Client (typed calls) --Session (retries, redirects, 401s)--> Transport --HttpTransport--> the server
//! ```
//!
//! The server validates nothing, so [`Upload`] does. What is repeated after a fault is decided by [`RetryPolicy`], a pure
//! function: reads, and writes that surely did not arrive. A write whose answer was lost is looked for instead. A
//! [`Token`] shows its content to nobody but the transport, and is sent over TLS or to this machine, never along a
//! redirect to another server. Nothing here prints, asks, or reads the environment.

mod account;
mod address;
// The file is named after the type that it defines.
#[allow(clippy::module_inception)]
mod client;
mod difference;
mod error;
mod fact;
mod flatten;
mod http_date;
mod http_transport;
mod merge;
mod representative;
mod request;
mod retry;
mod session;
mod space;
mod space_reference;
mod token;
mod upload;
mod upload_checks;
mod vocabulary;

pub use account::{Membership, Plan, User};
pub use address::ApiAddress;
pub use client::{Client, LinkAction};
pub use difference::{Change, ChangeKind, FieldChange, Version, differences};
pub use error::{ClientError, Refusal};
pub use fact::{FACT_VALUES, Fact, FactDraft};
pub use http_transport::{HttpTransport, Limits};
pub use merge::merged;
pub use representative::{FLATTENED_VALUES, representative};
pub use request::{Credential, Method, Request, Response, Transport, TransportError, TransportErrorKind};
pub use retry::{Attempt, Pause, RetryPolicy, Sleep};
pub use session::Session;
pub use space::{Space, SpaceDraft};
pub use space_reference::SpaceReference;
pub use token::Token;
pub use upload::{Finding, Severity, Upload, UploadOptions};
pub use vocabulary::is_known_to_guesstimate;
