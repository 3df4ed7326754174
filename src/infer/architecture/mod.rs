//! Architecture files into a model: who calls whom with which weight follows from packages, instances, zones and
//! regions; how long each call takes comes from measured data, from the file, or from a stated default.
//!
//! ```text
//! text --document, compose--> Architecture --routing--> weights --latency, model--> InferredModel
//! ```
//!
//! Reads alone are modelled: writes are answered by nobody. The file's own simulator has no latencies, so that every
//! time that is not given is an assumption, and said to be one.

mod compose;
mod document;
mod latency;
mod measured;
mod model;
mod package;
mod routing;

use std::io::Read;

use flate2::read::MultiGzDecoder;

pub use self::latency::{LatencyLookup, Meaning, ServiceLatency};
pub use self::measured::ServiceLatencies;
pub use self::package::Package;
use self::routing::{Routing, Scale};
use super::detect::{GZIP_MAGIC, Kind, detect};
use super::error::InferError;
use super::inferred::InferredModel;
use crate::units::TimeUnit;

/// Largest architecture read, in bytes.
pub const LEN_MAX: usize = 16 * 1024 * 1024;

/// How an architecture becomes a model.
#[derive(Clone, Copy)]
pub struct ArchitectureOptions<'a> {
    /// Name of the model; by default the architecture's.
    pub name: Option<&'a str>,
    /// Service that requests come in at; by default every denominator, or every service that nobody depends on.
    pub root: Option<&'a str>,
    /// Factor on the number of regions, as spigo's `-w`.
    pub regions: u32,
    /// Percent of the number of instances, as spigo's `-p`.
    pub population: u32,
    /// Measured times by service name.
    pub latency: Option<&'a LatencyLookup<'a>>,
}

impl Default for ArchitectureOptions<'_> {
    fn default() -> Self {
        Self { name: None, root: None, regions: 1, population: 100, latency: None }
    }
}

/// Reads an architecture or a docker-compose file, gzip or not, and writes it as a model in nanoseconds.
///
/// Every service is a metric: the response time of one call to it. A router's is its own time and that of one
/// dependency, drawn by the instances in sight; storage access asks cache, volume, Cassandra, store in turn, with hit
/// rates as metrics `…_hit` in percent; a Cassandra or Riak node forwards the share of reads whose key another node of
/// its ring owns.
///
/// # Parameters
/// - `bytes`: the file, at most [`LEN_MAX`] bytes, unpacked.
/// - `options`: see [`ArchitectureOptions`].
///
/// # Errors
/// - [`InferError::Architecture`] with every duplicate name, unknown package and missing dependency.
/// - [`InferError::Malformed`] if it is not JSON or YAML of that form, [`InferError::Unrecognised`] if it is neither.
/// - [`InferError::UnknownRoot`] if the root asked for is no service.
/// - [`InferError::NoEndpoint`] if no request can be answered.
/// - [`InferError::TooLarge`] beyond [`LEN_MAX`]; [`InferError::Read`] if gzip data are damaged.
///
/// # Examples
/// ```
/// use tailcast::infer::architecture::{ArchitectureOptions, read};
/// let text = br#"{"arch":"tiny","services":[
///     {"name":"mysql","package":"store","count":2,"regions":1},
///     {"name":"memcache","package":"store","count":1,"regions":1},
///     {"name":"web","package":"monolith","count":3,"regions":1,"dependencies":["memcache","mysql"]},
///     {"name":"www","package":"denominator","dependencies":["web"]}]}"#;
/// let model = read(text, &ArchitectureOptions::default())?;
/// assert_eq!(model.endpoints[0].metric, "www");
/// assert_eq!(model.report.shares[0].metric, "memcache_share");
/// assert!((model.report.shares[0].percent - 100.0 / 3.0).abs() < 1e-9);
/// # Ok::<(), tailcast::infer::InferError>(())
/// ```
pub fn read(bytes: &[u8], options: &ArchitectureOptions<'_>) -> Result<InferredModel, InferError> {
    let mut unpacked = Vec::new();
    let bytes = if bytes.starts_with(&GZIP_MAGIC) {
        MultiGzDecoder::new(bytes).take(LEN_MAX as u64 + 1).read_to_end(&mut unpacked)?;
        &unpacked
    } else {
        bytes
    };
    if bytes.len() > LEN_MAX {
        return Err(InferError::TooLarge { limit: LEN_MAX });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let architecture = match detect(bytes) {
        Some(Kind::Compose) => compose::read(&String::from_utf8_lossy(bytes))?,
        Some(Kind::Architecture) => document::read(bytes)?,
        // What looks like JSON is told where it breaks rather than that it is unknown.
        _ if bytes.trim_ascii_start().starts_with(b"{") => document::read(bytes)?,
        _ => return Err(InferError::Unrecognised),
    };
    let roots = match options.root {
        None => model::roots(&architecture.services),
        Some(root) => vec![find_root(&architecture, root)?],
    };
    let scale = Scale { regions: options.regions.max(1), population: options.population };
    let routing = Routing::new(&architecture, &roots, scale);
    if roots.iter().all(|&root| routing.routes[root].answered <= 0.0) {
        let name = |at: usize| &architecture.services[at].name;
        let reason =
            |(caller, callee): &(usize, usize)| format!("{} sees no instance of {}", name(*caller), name(*callee));
        return Err(InferError::NoEndpoint { reasons: routing.unseen.iter().map(reason).collect() });
    }
    let mut written = model::write(&architecture, &routing, &roots, options.latency);
    if let Some(name) = options.name {
        name.clone_into(&mut written.text.name);
    }
    Ok(InferredModel {
        name: written.text.name.clone(),
        toml: written.text.render(),
        unit: TimeUnit::Nanosecond,
        endpoints: written.endpoints,
        warnings: written.warnings,
        report: written.report,
    })
}

/// Position of the service called `root`.
fn find_root(architecture: &document::Architecture, root: &str) -> Result<usize, InferError> {
    let services = &architecture.services;
    if let Some(at) = services.iter().position(|service| service.name == root) {
        return Ok(at);
    }
    let lower = root.to_ascii_lowercase();
    let close = |name: &str| name.to_ascii_lowercase().contains(&lower) || lower.contains(&name.to_ascii_lowercase());
    let candidates =
        services.iter().filter(|service| close(&service.name)).map(|service| format!("`{}`", service.name));
    Err(InferError::UnknownRoot { root: root.to_owned(), candidates: candidates.take(3).collect() })
}
