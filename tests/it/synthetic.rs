//! Outcomes made by hand, without a simulation: mixtures of log-normals recorded in cells as a run records them.
//!
//! Counts are the expected ones, rounded, so that nothing here is random.

use tailcast::problem::{Problem, ProblemKind, Warning};
use tailcast::recorder::{Bin, QuantileEstimate, Recording, Summary};
use tailcast::sim::{MetricOutcome, Outcome, Stop};
use tailcast::span::Span;
use tailcast::units::{TimeUnit, Unit};

/// The quantiles that reports show by default.
pub(crate) const QUANTILES: [f64; 5] = [0.5, 0.9, 0.95, 0.99, 0.999];

/// One mode: its share, its median and its sigma in log space.
#[derive(Clone, Copy)]
pub(crate) struct Mode {
    pub(crate) share: f64,
    pub(crate) median: f64,
    pub(crate) sigma: f64,
}

/// The storage-backed service in microseconds: memcached hit, mysql cache hit, disk.
pub(crate) fn storage_modes(hit: f64, cached: f64) -> [Mode; 3] {
    [
        Mode { share: hit, median: 10.0, sigma: 0.25 },
        Mode { share: (1.0 - hit) * cached, median: 150.0, sigma: 0.3 },
        Mode { share: (1.0 - hit) * (1.0 - cached), median: 4000.0, sigma: 0.35 },
    ]
}

/// Standard normal distribution function, within 7.5e-8 (Abramowitz and Stegun 1964, 26.2.17).
fn normal_cdf(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let coefficients = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let polynomial = coefficients.iter().rev().fold(0.0, |sum, c| (sum + c) * t);
    let upper = (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * polynomial;
    if x < 0.0 { upper } else { 1.0 - upper }
}

/// Recording of `samples` samples of the mixture in cells of 0.05 %.
pub(crate) fn mixture(samples: u64, modes: &[Mode]) -> Recording {
    let cdf = |x: f64| modes.iter().map(|m| m.share * normal_cdf((x / m.median).ln() / m.sigma)).sum::<f64>();
    let low = modes.iter().map(|m| m.median * (-6.0 * m.sigma).exp()).fold(f64::INFINITY, f64::min);
    let high = modes.iter().map(|m| m.median * (6.0 * m.sigma).exp()).fold(0.0, f64::max);
    let cells = ((high / low).ln() / 0.0005).ceil() as i32;
    let edge = |cell: i32| low * (f64::from(cell) * 0.0005).exp();
    let mut bins = Vec::new();
    // Rounding carries over, so that rare tails keep their samples.
    let (mut expected, mut given) = (0.0, 0u64);
    for cell in 0..cells {
        expected += (cdf(edge(cell + 1)) - cdf(edge(cell))) * samples as f64;
        let count = (expected.round() as u64).saturating_sub(given);
        given += count;
        if count > 0 {
            bins.push(Bin { low: edge(cell), high: edge(cell + 1), count });
        }
    }
    Recording::from_bins(bins, 0, 0)
}

/// Figures of a recording, intervals by the normal approximation of the rank.
pub(crate) fn summarize(recording: &Recording, quantiles: &[f64]) -> Summary {
    let n = recording.bins().map(|bin| bin.count).sum::<u64>() as f64;
    let middle = |bin: &Bin| (bin.low + bin.high) / 2.0;
    let moment = |f: &dyn Fn(f64) -> f64| recording.bins().map(|b| f(middle(&b)) * b.count as f64).sum::<f64>() / n;
    let mean = moment(&|x| x);
    let stdev = moment(&|x| (x - mean) * (x - mean)).sqrt();
    let at = |rank: f64| {
        let mut seen = 0.0;
        recording.bins().find(|bin| {
            seen += bin.count as f64;
            seen >= rank
        })
    };
    let estimate = |&q: &f64| {
        let half = 1.96 * (n * q * (1.0 - q)).sqrt();
        let (low, high) = (n * q - half, n * q + half);
        QuantileEstimate {
            q,
            value: at((n * q).max(1.0)).map(|bin| bin.high),
            low: at(low.max(1.0)).filter(|_| low >= 1.0).map(|bin| bin.low),
            high: at(high).filter(|_| high <= n).map(|bin| bin.high),
        }
    };
    Summary {
        samples: recording.count(),
        filtered: 0,
        non_finite: recording.positive_infinite() + recording.negative_infinite(),
        not_a_number: 0,
        mean: Some(mean),
        mean_standard_error: Some(stdev / n.sqrt()),
        stdev: Some(stdev),
        min: recording.bins().next().map(|bin| bin.low),
        max: recording.bins().last().map(|bin| bin.high),
        quantiles: quantiles.iter().map(estimate).collect(),
    }
}

/// A metric in microseconds with that recording.
pub(crate) fn metric(id: &str, name: &str, type_name: &'static str, recording: Recording) -> MetricOutcome {
    MetricOutcome {
        id: id.to_owned(),
        readable_id: id.to_owned(),
        name: name.to_owned(),
        type_name,
        unit: Some(Unit::Time(TimeUnit::Microsecond)),
        source: String::new(),
        summary: Some(summarize(&recording, &QUANTILES)),
        recording: Some(recording),
        problems: vec![],
        warnings: vec![],
    }
}

/// The storage-backed service of a hit rate of memcached and of mysql's own cache.
pub(crate) fn storage_metric(samples: u64, hit: f64, cached: f64) -> MetricOutcome {
    metric("AE", "storage response", "FUNCTION", mixture(samples, &storage_modes(hit, cached)))
}

/// A metric of one exact value in percent.
pub(crate) fn constant(id: &str, name: &str, value: f64, samples: u64) -> MetricOutcome {
    let recording = Recording::from_bins(vec![Bin { low: value, high: value, count: samples }], 0, 0);
    MetricOutcome { unit: Some(Unit::Other("%".to_owned())), ..metric(id, name, "POINT", recording) }
}

/// A metric that failed, with a caret.
pub(crate) fn broken() -> MetricOutcome {
    MetricOutcome {
        summary: None,
        recording: None,
        source: "=100 + ((randomInt(0,100) > AC) ? AB : AF)".to_owned(),
        problems: vec![
            Problem::new(ProblemKind::Graph, "unknown-name", "unknown name `AF`")
                .with_span(Span::new(39, 41))
                .with_label("no metric has this readable id")
                .with_help("did you mean `AD`?"),
        ],
        ..metric("AG", "staash", "FUNCTION", Recording::from_bins(Vec::new(), 0, 0))
    }
}

/// An outcome of a whole model: a constant, two services, the mixture of them, and a broken metric.
pub(crate) fn storage_outcome(samples: u64) -> Outcome {
    let service = |id: &str, name: &str, median: f64, sigma: f64| {
        metric(id, name, "LOGNORMAL", mixture(samples, &[Mode { share: 1.0, median, sigma }]))
    };
    Outcome {
        model_name: "storage-backed web service".to_owned(),
        scenario: Some("60/70".to_owned()),
        samples,
        seed: 42,
        unit: Some(Unit::Time(TimeUnit::Microsecond)),
        stop: Stop::Completed,
        metrics: vec![
            constant("AC", "memcached hit", 60.0, samples),
            service("AB", "memcached", 10.0, 0.25),
            service("AD", "mysql", 150.0, 0.3),
            storage_metric(samples, 0.6, 0.7),
            broken(),
        ],
        warnings: vec![Warning::new("unused-scenario", "scenario `idle` changes nothing")],
    }
}
