//! The block generator and its streams.
//!
//! A stream is a function of what it is for, not of when it is used: (seed, metric, draw site, block). Equal keys give
//! equal bits for any number of threads and any order of metrics.
