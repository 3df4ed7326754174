//! Progress of a run on a terminal, with the current estimate of one metric; and the way to stop it.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tailcast::recorder::Moments;
use tailcast::sim::Watch;
use tailcast::study::StudyWatch;
use tailcast::units::{Unit, format_with_error};

use super::interrupt;

/// Fewest samples for which a bar is shown: anything less is over before it could be read.
const SHOWN_FROM: u64 = 50_000_000;

/// Shows how far a run is, and stops it at Ctrl-C.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    unit: Option<Unit>,
}

impl Progress {
    /// Progress of a run of `samples` whose last output has that unit.
    pub(super) fn new(samples: u64, unit: Option<Unit>) -> Self {
        interrupt::install();
        let shown = samples >= SHOWN_FROM && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr_with_hz(8) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(samples), target);
        let template = "{bar:30} {percent:>3} %  {human_pos} samples  {eta} left  {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        if shown {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self { bar, unit }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch<Vec<Moments>> for Progress {
    fn merged(&self, samples: u64, total: &Vec<Moments>) {
        if self.bar.is_hidden() {
            return;
        }
        self.bar.set_position(samples);
        if let Some((mean, error)) = total.last().and_then(|moments| moments.mean().zip(moments.mean_standard_error()))
        {
            self.bar.set_message(format!("mean {}", format_with_error(mean, error, self.unit.as_ref(), None)));
        }
    }

    fn stop(&self) -> bool {
        interrupt::requested()
    }
}

impl StudyWatch for Progress {
    fn drawn(&self, samples: u64, total: u64) {
        if !self.bar.is_hidden() {
            self.bar.set_length(total);
            self.bar.set_position(samples);
        }
    }

    fn stop(&self) -> bool {
        interrupt::requested()
    }
}
