//! Checked formulas compiled into one straight-line block program, its kernels, and the slow reference evaluator.
