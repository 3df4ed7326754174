//! Studies: what planners ask of a model beyond the figures of one run.
//!
//! ```text
//! Model --version--> versions --compare--> Comparison   (paired differences)
//!                             --sweep----> Sweep        (figures over a grid of values)
//!                             --solve----> Solution     (the value at which a target is just met)
//! Model ----------------------attribute--> Attribution  (who owns the tail)
//! Outcome --------------------slo::evaluate-> SloResult (met, missed, undecided)
//! Model ----------------------correlation--> RankCorrelation (declared, and as drawn)
//! ```
//!
//! All versions of a model are evaluated in one program on common random numbers: what they share is evaluated once, and
//! a difference is the change and not the noise. Every figure carries its 95 % interval. Nothing here prints or draws.

pub mod assertion;
pub mod attribute;
pub mod compare;
pub mod correlation;
mod density;
mod error;
mod interval;
mod joint;
mod parameter;
pub mod recorded;
pub mod slo;
pub mod solve;
pub mod sweep;
mod version;
mod watch;

pub use error::StudyError;
pub use interval::{Change, Estimate};
pub use parameter::{Grid, Parameter, Step};
pub use version::{Version, scenario_version};
pub use watch::{NoStudyWatch, StudyWatch};
