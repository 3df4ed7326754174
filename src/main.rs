//! tailcast, the command line.

fn main() {}
