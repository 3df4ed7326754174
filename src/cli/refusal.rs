//! Errors of the library's stages as what the user is told: one message a fault, with its place and a remedy.

use std::fmt;

use tailcast::dist::peaks::PeakError;
use tailcast::export::ExportError;
use tailcast::import::ImportError;
use tailcast::infer::InferError;

/// One thing that is wrong, and what to do about it.
#[derive(Debug)]
struct Fault {
    message: String,
    help: Option<String>,
}

/// Why a file was refused; one fault or several.
#[derive(Debug)]
pub(super) struct Refusal {
    faults: Vec<Fault>,
}

impl Refusal {
    /// Refusal for one reason.
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { faults: vec![Fault { message: message.into(), help: Some(help.into()) }] }
    }

    /// Why nothing could be inferred from `file`.
    pub(super) fn of_inference(file: &str, error: &InferError) -> Self {
        if let InferError::Architecture { faults } = error {
            let fault = |fault: &tailcast::infer::ArchitectureFault| Fault {
                message: format!("{file}: {fault}"),
                help: fault.help(),
            };
            return Self { faults: faults.iter().map(fault).collect() };
        }
        let place = error.position().map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
        Self { faults: vec![Fault { message: format!("{file}{place}: {error}"), help: error.help() }] }
    }

    /// Why `name` has no peaks.
    pub(super) fn of_peaks(name: &str, error: &PeakError) -> Self {
        let help = match error {
            PeakError::NoPositiveValue => Some("peaks are lognormal: they need values above 0".to_owned()),
            _ => None,
        };
        Self { faults: vec![Fault { message: format!("{name}: {error}"), help }] }
    }
}

impl From<ImportError> for Refusal {
    fn from(error: ImportError) -> Self {
        Self { faults: vec![Fault { message: error.to_string(), help: error.help() }] }
    }
}

impl From<ExportError> for Refusal {
    fn from(error: ExportError) -> Self {
        Self { faults: vec![Fault { message: error.to_string(), help: error.help().map(str::to_owned) }] }
    }
}

impl fmt::Display for Refusal {
    /// Lines `error: MESSAGE` and `  help: REMEDY`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.faults.iter().enumerate() {
            let gap = if at == 0 { "" } else { "\n" };
            write!(f, "{gap}error: {}", fault.message)?;
            if let Some(help) = &fault.help {
                write!(f, "\n  help: {help}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}
