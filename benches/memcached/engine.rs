//! The example by the general engine, all metrics recorded.

use tailcast::model::{self, Model, NoData, Options};
use tailcast::sim::{NoWatch, Outcome, RunOptions, run};

/// The model as shipped.
const MODEL: &[u8] = include_bytes!("../../models/memcached.json");

pub(crate) struct Memcached(Model);

impl Memcached {
    pub(crate) fn new() -> Self {
        Self(model::read(MODEL, None, &NoData, Options::default()).expect("the model is shipped"))
    }

    pub(crate) fn run(&self, samples: u64, threads: usize) -> Outcome {
        let options = RunOptions { samples, threads: Some(threads), ..RunOptions::default() };
        run(&self.0, &options, &NoWatch).expect("threads start")
    }
}
