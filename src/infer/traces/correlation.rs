//! Rank correlations between the times of one request, so that the user sees what drawing them independently would
//! miss.

use super::super::inferred::Correlation;

/// Weakest correlation reported.
const COEFFICIENT_MIN: f64 = 0.3;

/// Requests below which a correlation says nothing.
const ROW_COUNT_MIN: usize = 20;

/// Columns looked at.
const COLUMN_COUNT_MAX: usize = 64;

/// Spearman's coefficients of every pair of columns of an outcome that is worth telling.
pub(crate) fn correlations(outcome: &str, columns: &[(String, Vec<i64>)]) -> Vec<Correlation> {
    if columns.first().is_none_or(|(_, column)| column.len() < ROW_COUNT_MIN) {
        return Vec::new();
    }
    let columns = &columns[..columns.len().min(COLUMN_COUNT_MAX)];
    let ranked: Vec<Vec<f64>> = columns.iter().map(|(_, column)| ranks(column)).collect();
    let mut found = Vec::new();
    for first in 0..columns.len() {
        for second in first + 1..columns.len() {
            let coefficient = pearson(&ranked[first], &ranked[second]);
            if coefficient.abs() >= COEFFICIENT_MIN {
                found.push(Correlation {
                    outcome: outcome.to_owned(),
                    first: columns[first].0.clone(),
                    second: columns[second].0.clone(),
                    coefficient,
                });
            }
        }
    }
    found
}

/// Ranks less their mean; equal values share the mean of their ranks.
fn ranks(column: &[i64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..column.len()).collect();
    order.sort_unstable_by_key(|&at| column[at]);
    let middle = (column.len() as f64 - 1.0) / 2.0;
    let mut ranks = vec![0.0; column.len()];
    let mut below = 0;
    for equal in order.chunk_by(|&left, &right| column[left] == column[right]) {
        let rank = below as f64 + (equal.len() as f64 - 1.0) / 2.0 - middle;
        for &at in equal {
            ranks[at] = rank;
        }
        below += equal.len();
    }
    ranks
}

/// Correlation of two columns of mean 0; 0 where one does not vary.
fn pearson(left: &[f64], right: &[f64]) -> f64 {
    let dot = |left: &[f64], right: &[f64]| left.iter().zip(right).map(|(left, right)| left * right).sum::<f64>();
    let scale = (dot(left, left) * dot(right, right)).sqrt();
    if scale == 0.0 { 0.0 } else { dot(left, right) / scale }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_rise_together_are_told_and_constant_ones_are_not() {
        let rising: Vec<i64> = (0..50).collect();
        let curved: Vec<i64> = rising.iter().map(|value| value * value).collect();
        let columns = [("a".to_owned(), rising), ("b".to_owned(), curved), ("c".to_owned(), vec![7; 50])];
        let found = correlations("all", &columns);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].first.as_str(), found[0].second.as_str()), ("a", "b"));
        assert!((found[0].coefficient - 1.0).abs() < 1e-12);
    }

    #[test]
    fn equal_values_share_their_rank() {
        assert_eq!(ranks(&[5, 1, 5]), [0.5, -1.0, 0.5]);
    }
}
