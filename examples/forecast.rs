//! Reads a model, runs it, and asks for the 99th percentile with its interval.
//!
//! Run with `cargo run --release --example forecast`.

use tailcast::model::{self, NoData, Options};
use tailcast::sim::{NoWatch, RunOptions, run};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let text = br#"
        unit = "us"
        [metrics]
        hit = 60
        cache = "50 to 90"
        database = "120 to 2000"
        response = "= uniform(0, 100) < hit ? cache : cache + database"
    "#;
    let model = model::read(text, None, &NoData, Options::default())?;
    for hit in ["60", "80"] {
        let model = model.with_overrides(&[("hit", hit)])?;
        let options = RunOptions { samples: 1_000_000, quantiles: vec![0.99], ..RunOptions::default() };
        let outcome = run(&model, &options, &NoWatch)?;
        let summary = outcome.metrics.last().and_then(|response| response.summary.as_ref()).ok_or("no samples")?;
        let p99 = summary.quantiles[0];
        if let (Some(value), Some(low), Some(high)) = (p99.value, p99.low, p99.high) {
            println!("hit rate {hit} %: p99 {value:.0} us ({low:.0} to {high:.0})");
        }
    }
    Ok(())
}
