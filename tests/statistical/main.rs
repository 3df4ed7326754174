//! Statistical tests: fixed seeds, stated levels.
