//! Ctrl-C: the first asks the run to stop with what it has, the second ends the process.

use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Exit status of a process that was interrupted, as shells count it.
const STATUS_INTERRUPTED: i32 = 130;

/// Takes over Ctrl-C. Where that is not possible, it ends the process as ever.
pub(super) fn install() {
    let _ = ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(STATUS_INTERRUPTED);
        }
    });
}

/// Whether the user asked to stop.
pub(super) fn requested() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}
