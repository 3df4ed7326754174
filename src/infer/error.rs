//! What inferring a model can fail with, as data.
//!
//! What the user should know but need not stop for is a [`crate::problem::Warning`] of the inferred model instead.

use crate::problem::{Problem, ProblemKind};

/// Place in a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u64,
    /// Column in bytes, from 1.
    pub column: u64,
}

/// One thing that is wrong with an architecture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchitectureFault {
    /// Two services have one name.
    #[error("expected service names that differ, found `{name}` twice")]
    DuplicateService {
        /// The name.
        name: String,
    },
    /// A service has no name.
    #[error("expected a service with a name, found none in service {number}")]
    NamelessService {
        /// Position in the list, from 1.
        number: usize,
    },
    /// A package is none of those known.
    #[error("expected a package of service `{service}` that is known, found `{package}`")]
    UnknownPackage {
        /// The service.
        service: String,
        /// Its package.
        package: String,
        /// The known package nearest to it.
        nearest: Option<&'static str>,
    },
    /// A dependency names no service.
    #[error("expected dependencies of service `{service}` that are services, found `{dependency}`")]
    MissingDependency {
        /// The service.
        service: String,
        /// What it depends on.
        dependency: String,
    },
    /// A count is negative or absurdly large.
    #[error("expected a `{field}` of service `{service}` from 0 to {limit}, found {value}")]
    CountOutOfRange {
        /// The service.
        service: String,
        /// `count` or `regions`.
        field: &'static str,
        /// What stands there.
        value: i64,
        /// Largest value allowed.
        limit: i64,
    },
}

impl ArchitectureFault {
    /// What the user can do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::DuplicateService { .. } => Some("rename one of the two".to_owned()),
            Self::UnknownPackage { nearest: Some(nearest), .. } => Some(format!("did you mean `{nearest}`?")),
            Self::UnknownPackage { nearest: None, .. } => {
                Some(format!("the packages are {}", super::architecture::Package::NAMES.join(", ")))
            }
            Self::MissingDependency { dependency, .. } => {
                Some(format!("add a service named `{dependency}` or drop the dependency"))
            }
            Self::NamelessService { .. } | Self::CountOutOfRange { .. } => None,
        }
    }
}

/// Why no model could be inferred.
#[derive(Debug, thiserror::Error)]
pub enum InferError {
    /// The file could not be read.
    #[error("the file cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// The text is not what its format says.
    #[error("{message}")]
    Malformed {
        /// What was expected and what was found.
        message: String,
        /// Where.
        position: Option<Position>,
    },
    /// The content is none of the formats known.
    #[error("expected an architecture, a compose file or traces, found none of them")]
    Unrecognised,
    /// The content is known, but says nothing that a model could be inferred from.
    #[error("expected traces with times or an architecture, found {found}")]
    Unsupported {
        /// What it is.
        found: &'static str,
        /// What to give instead.
        help: &'static str,
    },
    /// The file is larger than what is read whole.
    #[error("expected a file of at most {limit} bytes, found a larger one")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The architecture contradicts itself.
    #[error("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Architecture {
        /// Everything that is wrong.
        faults: Vec<ArchitectureFault>,
    },
    /// The root asked for is no service of the architecture.
    #[error("expected a root that is a service, found `{root}`")]
    UnknownRoot {
        /// What was asked for.
        root: String,
        /// The services that could be meant.
        candidates: Vec<String>,
    },
    /// No endpoint of the architecture can answer.
    #[error("expected an endpoint whose requests are answered, found none")]
    NoEndpoint {
        /// Why not, an entry an endpoint.
        reasons: Vec<String>,
    },
    /// The traces hold no request with an answer.
    #[error("expected requests with an answer, found none among {requests} requests in {spans} spans")]
    NoAnsweredRequest {
        /// Requests seen.
        requests: u64,
        /// Spans read.
        spans: u64,
        /// Spans that could not be read, and the first reason.
        unreadable: Option<(u64, String)>,
    },
}

impl InferError {
    /// What the user can do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Unrecognised => Some(
                "the formats are spigo architectures, docker-compose, Zipkin v1 and v2, Jaeger UI JSON and OTLP JSON"
                    .to_owned(),
            ),
            Self::Unsupported { help, .. } => Some((*help).to_owned()),
            Self::Architecture { faults } => faults.iter().find_map(ArchitectureFault::help),
            Self::UnknownRoot { candidates, .. } if !candidates.is_empty() => {
                Some(format!("did you mean {}?", candidates.join(" or ")))
            }
            Self::NoEndpoint { reasons } if !reasons.is_empty() => Some(reasons.join("; ")),
            Self::NoAnsweredRequest { unreadable: Some((count, reason)), .. } => {
                Some(format!("{count} spans could not be read; the first: {reason}"))
            }
            Self::NoAnsweredRequest { .. } => Some(
                "response times need spans whose call returned (`cr` or a duration); the requests here were lost or one-way"
                    .to_owned(),
            ),
            _ => None,
        }
    }

    /// Where it stands in the file, if that is known.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Malformed { position, .. } => *position,
            _ => None,
        }
    }

    /// Stable identifier in kebab case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Read(_) => "unreadable-file",
            Self::Malformed { .. } => "malformed-file",
            Self::Unrecognised => "unrecognised-format",
            Self::Unsupported { .. } => "unsupported-format",
            Self::TooLarge { .. } => "file-too-large",
            Self::Architecture { .. } => "faulty-architecture",
            Self::UnknownRoot { .. } => "unknown-root",
            Self::NoEndpoint { .. } => "no-endpoint",
            Self::NoAnsweredRequest { .. } => "no-answered-request",
        }
    }

    /// The error as a problem, for reports.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let message = match self.position() {
            Some(Position { line, column }) => format!("line {line}, column {column}: {self}"),
            None => self.to_string(),
        };
        let problem = Problem::new(ProblemKind::Parse, self.code(), message);
        match self.help() {
            Some(help) => problem.with_help(help),
            None => problem,
        }
    }
}

impl From<super::json_stream::JsonError> for InferError {
    fn from(error: super::json_stream::JsonError) -> Self {
        use super::json_stream::JsonErrorKind;
        match error.kind {
            JsonErrorKind::Read(error) => Self::Read(error),
            kind => Self::Malformed {
                message: kind.to_string(),
                position: Some(Position { line: error.line, column: error.column }),
            },
        }
    }
}
