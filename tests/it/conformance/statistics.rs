//! Rules 1 to 6 of the vectors: shares, probabilities, means and deviations of samples.

use serde_json::Value as Json;

use super::vectors::{Drawn, number};

/// Standard errors that a figure may be off: at this level (5.7e-7) all comparisons of a run together fail by chance
/// once in some hundred seeds, and the seed is fixed.
const ERRORS_MAX: f64 = 5.0;

/// What samples and the expected statistics of as many samples disagree on.
///
/// `comparisons` counts the comparisons made.
pub(super) fn disagreements(expected: &Json, drawn: &Drawn, comparisons: &mut usize) -> Vec<String> {
    let mut faults = Vec::new();
    let (count, filtered) = (number(&expected["count"]), number(&expected["filtered"]));
    if drawn.count as f64 != count {
        faults.push(format!("{} samples, expected {count}", drawn.count));
    }
    let (share, expected_share) = (drawn.filtered as f64 / drawn.count as f64, filtered / count);
    *comparisons += 1;
    if (share - expected_share).abs() > slack((share + expected_share) / 2.0, count, drawn.count as f64) {
        faults.push(format!("filtered {share}, expected {expected_share}"));
    }
    let sorted = drawn.sorted();
    let constant = expected.get("constant").or_else(|| expected.get("value")).filter(|value| !value.is_null());
    if let Some(constant) = constant.map(number) {
        let off = sorted.iter().filter(|&&value| (value - constant).abs() > 1e-12 * constant.abs()).count();
        if off > 0 || sorted.is_empty() {
            faults.push(format!("{off} of {} samples are not {constant}", sorted.len()));
        }
        return faults;
    }
    let stats = &expected["stats"];
    if stats.is_null() {
        return faults;
    }
    faults.extend(quantile_faults(stats, &sorted, comparisons));
    faults.extend(probability_faults(stats, &sorted, comparisons));
    faults.extend(moment_faults(stats, &sorted, comparisons));
    faults
}

/// How far two shares of `n` and `m` samples may be apart.
fn slack(share: f64, n: f64, m: f64) -> f64 {
    ERRORS_MAX * (share * (1.0 - share) * (1.0 / n + 1.0 / m)).sqrt()
}

fn quantile_faults(stats: &Json, sorted: &[f64], comparisons: &mut usize) -> Vec<String> {
    let (n, m) = (number(&stats["finite"]), sorted.len() as f64);
    let mut faults = Vec::new();
    for quantile in stats["quantiles"].as_array().expect("quantiles") {
        let (p, q) = (number(&quantile["p"]), number(&quantile["q"]));
        *comparisons += 2;
        let slack = slack(p, n, m) + 1.0 / m;
        let at_most = sorted.partition_point(|&value| value <= q + 1e-12 * q.abs()) as f64 / m;
        let below = sorted.partition_point(|&value| value < q - 1e-12 * q.abs()) as f64 / m;
        if at_most < p - slack || below > p + slack {
            faults.push(format!("quantile {p} {q}: share {below} to {at_most}"));
        }
    }
    faults
}

fn probability_faults(stats: &Json, sorted: &[f64], comparisons: &mut usize) -> Vec<String> {
    let Some(pairs) = stats.get("pmf").and_then(Json::as_array) else { return Vec::new() };
    let (n, m) = (number(&stats["finite"]), sorted.len() as f64);
    let mut faults = Vec::new();
    let mut matched = 0;
    let mut compare = |value: f64, theirs: f64, ours: usize| {
        *comparisons += 1;
        let pooled = (theirs + ours as f64) / (n + m);
        if (theirs / n - ours as f64 / m).abs() > slack(pooled, n, m) {
            faults.push(format!("probability of {value}: {} against {}", ours as f64 / m, theirs / n));
        }
    };
    for pair in pairs {
        let (value, theirs) = (number(&pair[0]), number(&pair[1]));
        let near = 1e-11 * value.abs();
        let ours = sorted.partition_point(|&x| x <= value + near) - sorted.partition_point(|&x| x < value - near);
        matched += ours;
        compare(value, theirs, ours);
    }
    // Values that only we have: all of them together are at least as likely as each.
    compare(f64::NAN, 0.0, sorted.len() - matched);
    faults
}

fn moment_faults(stats: &Json, sorted: &[f64], comparisons: &mut usize) -> Vec<String> {
    let (n, m) = (number(&stats["finite"]), sorted.len() as f64);
    let mean = sorted.iter().sum::<f64>() / m;
    let deviation = (sorted.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / m).sqrt();
    let mut faults = Vec::new();
    for (name, found) in [("mean", mean), ("stdev", deviation)] {
        if stats[format!("{name}_ok")] == true {
            *comparisons += 1;
            let (want, error) = (number(&stats[name]), number(&stats[format!("{name}_se")]));
            if (found - want).abs() > ERRORS_MAX * error * (1.0 + n / m).sqrt() + 1e-12 * want.abs() {
                faults.push(format!("{name}: {found} against {want}"));
            }
        }
    }
    faults
}
