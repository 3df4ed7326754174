//! Readers of measured data, a file a format.
