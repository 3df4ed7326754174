//! What any stage has to say to the user, as data: an error of a metric ([`Problem`]) or a [`Warning`].
//!
//! Each stage has its own error type, which says exactly what that stage can return; a stage's error turns into a
//! [`Problem`] where it is attached to a metric, so that reports, JSON and tests read one shape. A problem holds no
//! rendering: [`crate::report`] draws the caret.

use crate::span::Span;

/// The stage at which a metric failed, as Guesstimate divides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The metric refers to something that is missing, broken or circular.
    Graph,
    /// The text of the metric cannot be read, or cannot be given a meaning.
    Parse,
    /// Drawing samples went wrong: a division by zero, no finite sample, not a number.
    Sampling,
}

impl ProblemKind {
    /// Name used in JSON: `graph`, `parse` or `sampling`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Graph => "graph",
            Self::Parse => "parse",
            Self::Sampling => "sampling",
        }
    }
}

/// One thing that is wrong with a metric: a stable code, a message for people, a place and a remedy.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Problem {
    /// Stage that found it.
    pub kind: ProblemKind,
    /// Stable identifier in kebab case, such as `division-by-zero`.
    pub code: &'static str,
    /// Message: lower case, no full stop, user text in backticks.
    pub message: String,
    /// Place in the metric's own text (its formula or input), when there is one.
    pub span: Option<Span>,
    /// Words to stand beside the caret; empty when there is nothing to add to the message.
    pub label: String,
    /// What the user can do about it.
    pub help: Option<String>,
}

impl Problem {
    /// Problem without place, label or remedy.
    pub fn new(kind: ProblemKind, code: &'static str, message: impl Into<String>) -> Self {
        Self { kind, code, message: message.into(), span: None, label: String::new(), help: None }
    }

    /// Sets the place.
    #[must_use]
    pub fn with_span(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Sets the words beside the caret.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the remedy.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Something the user should know that does not stop the work.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Warning {
    /// Stable identifier in kebab case, such as `too-few-samples`.
    pub code: &'static str,
    /// Message: lower case, no full stop.
    pub message: String,
    /// What the user can do about it.
    pub help: Option<String>,
}

impl Warning {
    /// Warning without a remedy.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None }
    }

    /// Sets the remedy.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
