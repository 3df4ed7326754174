//! Drawing from measured data: an index per draw for lists, an alias table for histograms.

use std::sync::{Arc, OnceLock};

use crate::rng::BlockRng;

use super::alias::AliasTable;
use super::column::CHUNK;
use super::empirical::{Cell, Empirical};
use super::error::DistError;

/// Lookups compiled together.
const UNROLLED: usize = 8;

/// A measured distribution made ready to draw from: checked once, shared by all threads.
#[derive(Debug, Clone)]
pub struct EmpiricalSampler {
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    List { values: Arc<[f64]>, len: u32, sorted: OnceLock<Arc<[f64]>> },
    Histogram { cells: Arc<[Cell]>, table: Arc<AliasTable>, cumulated: Arc<[f64]> },
}

impl Empirical {
    /// Checks the data and makes them ready to draw from.
    ///
    /// # Errors
    /// - [`DistError::Empty`] without values or cells, [`DistError::TooMany`] with more than `u32::MAX`.
    /// - [`DistError::ItemNotFinite`] if a value, an end or a weight is infinite or NaN.
    /// - [`DistError::NegativeWeight`] if a weight is negative.
    /// - [`DistError::WeightSum`] if the weights sum to 0 or to no finite number.
    /// - [`DistError::CellOrder`] if a cell has `high < low` or begins below the end of the one before.
    ///
    /// # Examples
    /// ```
    /// use tailcast::dist::{Cell, Empirical};
    /// let cells = [Cell { low: 0.0, high: 2.0, weight: 3.0 }, Cell { low: 5.0, high: 5.0, weight: 1.0 }];
    /// let sampler = Empirical::Histogram(cells.into()).compile()?;
    /// assert_eq!((sampler.mean(), sampler.cdf(1.0), sampler.quantile(0.9)), (2.0, 0.375, Some(5.0)));
    /// # Ok::<(), tailcast::dist::DistError>(())
    /// ```
    pub fn compile(&self) -> Result<EmpiricalSampler, DistError> {
        let form = match self {
            Self::Values(values) => {
                let len = check_len("value", values.len())?;
                if let Some(index) = values.iter().position(|value| !value.is_finite()) {
                    return Err(DistError::ItemNotFinite { item: "value", index, found: values[index] });
                }
                Form::List { values: Arc::clone(values), len, sorted: OnceLock::new() }
            }
            Self::Histogram(cells) => {
                check_len("cell", cells.len())?;
                check_cells(cells)?;
                let weights: Vec<f64> = cells.iter().map(|cell| cell.weight).collect();
                let cumulated: Vec<f64> = weights
                    .iter()
                    .scan(0.0, |sum, weight| {
                        *sum += weight;
                        Some(*sum)
                    })
                    .collect();
                let sum = cumulated[cumulated.len() - 1];
                if !(sum > 0.0 && sum.is_finite()) {
                    return Err(DistError::WeightSum { sum });
                }
                let table = Arc::new(AliasTable::new(&weights, sum));
                Form::Histogram { cells: Arc::clone(cells), table, cumulated: cumulated.into() }
            }
        };
        Ok(EmpiricalSampler { form })
    }
}

/// Checks that indices of type `u32` can name all items, of which there is at least one.
fn check_len(item: &'static str, found: usize) -> Result<u32, DistError> {
    if found == 0 {
        return Err(DistError::Empty { item });
    }
    u32::try_from(found).map_err(|_| DistError::TooMany { item, found })
}

fn check_cells(cells: &[Cell]) -> Result<(), DistError> {
    let mut previous_high = f64::NEG_INFINITY;
    for (index, &Cell { low, high, weight }) in cells.iter().enumerate() {
        for (item, found) in [("lower end", low), ("upper end", high), ("weight", weight)] {
            if !found.is_finite() {
                return Err(DistError::ItemNotFinite { item, index, found });
            }
        }
        if weight < 0.0 {
            return Err(DistError::NegativeWeight { index, found: weight });
        }
        if high < low || low < previous_high {
            return Err(DistError::CellOrder { index, low, high });
        }
        previous_high = high;
    }
    Ok(())
}

impl EmpiricalSampler {
    /// How many values or cells there are: indices lie below it.
    // There is at least one.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.form {
            Form::List { values, .. } => values.len(),
            Form::Histogram { cells, .. } => cells.len(),
        }
    }

    /// The list, in the order measured; `None` for a histogram.
    #[must_use]
    pub fn values(&self) -> Option<&[f64]> {
        match &self.form {
            Form::List { values, .. } => Some(values),
            Form::Histogram { .. } => None,
        }
    }

    /// Fills `out` with independent draws: values of the list, or numbers uniform within a cell chosen by weight.
    ///
    /// # Randomness
    /// One word a lane for a list, two for a histogram.
    pub fn fill(&self, rng: &mut BlockRng, out: &mut [f64]) {
        let mut indices = [0; CHUNK];
        for part in out.chunks_mut(CHUNK) {
            let indices = &mut indices[..part.len()];
            self.fill_indices(rng, indices);
            match &self.form {
                Form::List { values, .. } => gather(values, indices, part),
                Form::Histogram { cells, .. } => {
                    rng.fill_unit(part);
                    for (value, &index) in part.iter_mut().zip(&*indices) {
                        *value = within(&cells[index as usize], *value);
                    }
                }
            }
        }
    }

    /// Slow twin of [`EmpiricalSampler::fill`]: the same bits, one word at a time.
    pub fn fill_reference(&self, rng: &mut BlockRng, out: &mut [f64]) {
        for part in out.chunks_mut(CHUNK) {
            let indices: Vec<u32> = part.iter().map(|_| self.draw_index(rng)).collect();
            for (value, index) in part.iter_mut().zip(indices) {
                *value = match &self.form {
                    Form::List { values, .. } => values[index as usize],
                    Form::Histogram { cells, .. } => {
                        let mut uniform = [0.0];
                        rng.fill_unit(&mut uniform);
                        within(&cells[index as usize], uniform[0])
                    }
                };
            }
        }
    }

    /// Fills `out` with independent indices: of values, equally likely, or of cells, by weight.
    ///
    /// Lists measured together share one column of indices, each looked up with [`gather`].
    ///
    /// # Randomness
    /// One word a lane.
    pub fn fill_indices(&self, rng: &mut BlockRng, out: &mut [u32]) {
        match &self.form {
            Form::List { len, .. } => rng.fill_below(*len, out),
            Form::Histogram { table, .. } => {
                let mut words = [0; CHUNK];
                for part in out.chunks_mut(CHUNK) {
                    let words = &mut words[..part.len()];
                    rng.fill_u64(words);
                    for (index, &word) in part.iter_mut().zip(&*words) {
                        *index = table.pick(word);
                    }
                }
            }
        }
    }

    fn draw_index(&self, rng: &mut BlockRng) -> u32 {
        match &self.form {
            Form::List { len, .. } => ((u128::from(rng.next_u64()) * u128::from(*len)) >> 64) as u32,
            Form::Histogram { table, .. } => table.pick(rng.next_u64()),
        }
    }

    /// Mean.
    ///
    /// # Numerics
    /// Compensated: relative error of a few 2^-53 of the mean magnitude.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match &self.form {
            Form::List { values, .. } => compensated_sum(values.iter().copied()) / values.len() as f64,
            Form::Histogram { cells, cumulated, .. } => {
                let weighted = cells.iter().map(|cell| cell.weight * f64::midpoint(cell.low, cell.high));
                compensated_sum(weighted) / cumulated[cumulated.len() - 1]
            }
        }
    }

    /// Variance of a draw (divisor: the number of values or the sum of the weights).
    #[must_use]
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        match &self.form {
            Form::List { values, .. } => {
                let squares = values.iter().map(|value| (value - mean) * (value - mean));
                compensated_sum(squares) / values.len() as f64
            }
            Form::Histogram { cells, cumulated, .. } => {
                let squares = cells.iter().map(|cell| {
                    let (distance, width) = (f64::midpoint(cell.low, cell.high) - mean, cell.high - cell.low);
                    cell.weight * distance.mul_add(distance, width * width / 12.0)
                });
                compensated_sum(squares) / cumulated[cumulated.len() - 1]
            }
        }
    }

    /// Share of the draws of at most `x`; NaN for NaN.
    ///
    /// # Cost
    /// Logarithmic in the number of values or cells, after a list has been sorted once.
    #[must_use]
    pub fn cdf(&self, x: f64) -> f64 {
        if x.is_nan() {
            return x;
        }
        match &self.form {
            Form::List { .. } => {
                let sorted = self.sorted();
                sorted.partition_point(|&value| value <= x) as f64 / sorted.len() as f64
            }
            Form::Histogram { cells, cumulated, .. } => {
                let sum = cumulated[cumulated.len() - 1];
                let whole = cells.partition_point(|cell| cell.high <= x);
                let below = if whole == 0 { 0.0 } else { cumulated[whole - 1] };
                let partial = match cells.get(whole) {
                    Some(cell) if cell.low < x => cell.weight * ((x - cell.low) / (cell.high - cell.low)),
                    _ => 0.0,
                };
                ((below + partial) / sum).min(1.0)
            }
        }
    }

    /// Smallest value that a share `p` of the draws does not exceed: for a list the `ceil(p n)`-th smallest; `None` if
    /// `p` is not in [0, 1].
    ///
    /// # Cost
    /// As [`EmpiricalSampler::cdf`].
    #[must_use]
    pub fn quantile(&self, p: f64) -> Option<f64> {
        if !(0.0..=1.0).contains(&p) {
            return None;
        }
        Some(match &self.form {
            Form::List { .. } => {
                let sorted = self.sorted();
                let rank = (p * sorted.len() as f64).ceil() as usize;
                sorted[rank.clamp(1, sorted.len()) - 1]
            }
            Form::Histogram { cells, cumulated, .. } => {
                let target = p * cumulated[cumulated.len() - 1];
                let mut index = cumulated.partition_point(|&sum| sum < target);
                // At p = 0 cells without weight come first; the end of the support is that of the first with weight.
                while cells[index].weight == 0.0 {
                    index += 1;
                }
                let cell = &cells[index];
                let before = if index == 0 { 0.0 } else { cumulated[index - 1] };
                within(cell, ((target - before) / cell.weight).clamp(0.0, 1.0))
            }
        })
    }

    /// The list in ascending order, sorted when first asked for.
    fn sorted(&self) -> &[f64] {
        match &self.form {
            Form::List { values, sorted, .. } => sorted.get_or_init(|| {
                let mut values = values.to_vec();
                values.sort_unstable_by(f64::total_cmp);
                values.into()
            }),
            Form::Histogram { .. } => &[],
        }
    }
}

/// Looks up one value per index: `out[i] = values[indices[i]]`.
///
/// # Shape
/// `indices` and `out` have the same number of lanes.
///
/// # Panics
/// If the lanes differ, or if an index is not below the number of values.
pub fn gather(values: &[f64], indices: &[u32], out: &mut [f64]) {
    assert_eq!(indices.len(), out.len(), "an index a lane");
    // Several in one body: the loop itself would cost as much as a lookup.
    let ((outs, rest), (indices, last)) = (out.as_chunks_mut::<UNROLLED>(), indices.as_chunks::<UNROLLED>());
    for (out, indices) in outs.iter_mut().zip(indices) {
        *out = indices.map(|index| values[index as usize]);
    }
    for (out, &index) in rest.iter_mut().zip(last) {
        *out = values[index as usize];
    }
}

/// The point of a cell at a share `u` of its width; a point mass exactly.
fn within(cell: &Cell, u: f64) -> f64 {
    u.mul_add(0.5 * cell.high - 0.5 * cell.low, 0.5 * cell.low) * 2.0
}

/// Neumaier's compensated sum.
fn compensated_sum(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0);
    for value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    sum + lost
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::StreamKey;

    fn cell(low: f64, high: f64, weight: f64) -> Cell {
        Cell { low, high, weight }
    }

    fn list(values: &[f64]) -> EmpiricalSampler {
        Empirical::Values(values.into()).compile().unwrap()
    }

    fn histogram(cells: &[Cell]) -> Result<EmpiricalSampler, DistError> {
        Empirical::Histogram(cells.into()).compile()
    }

    #[test]
    fn data_that_are_no_distribution_are_refused() {
        let values = |values: &[f64]| Empirical::Values(values.into()).compile().unwrap_err();
        assert_eq!(values(&[]), DistError::Empty { item: "value" });
        assert!(matches!(values(&[1.0, f64::NAN]), DistError::ItemNotFinite { item: "value", index: 1, .. }));
        let cells = |cells: &[Cell]| histogram(cells).unwrap_err();
        assert_eq!(cells(&[]), DistError::Empty { item: "cell" });
        assert!(matches!(cells(&[cell(f64::NAN, 1.0, 1.0)]), DistError::ItemNotFinite { item: "lower end", .. }));
        assert!(matches!(cells(&[cell(0.0, f64::INFINITY, 1.0)]), DistError::ItemNotFinite { item: "upper end", .. }));
        assert!(matches!(cells(&[cell(0.0, 1.0, f64::NAN)]), DistError::ItemNotFinite { item: "weight", .. }));
        assert!(matches!(cells(&[cell(0.0, 1.0, -1.0)]), DistError::NegativeWeight { index: 0, .. }));
        assert!(matches!(cells(&[cell(0.0, 1.0, 0.0)]), DistError::WeightSum { .. }));
        assert!(matches!(cells(&[cell(1.0, 0.0, 1.0)]), DistError::CellOrder { index: 0, .. }));
        let overlap = [cell(0.0, 2.0, 1.0), cell(1.0, 3.0, 1.0)];
        assert!(matches!(cells(&overlap), DistError::CellOrder { index: 1, .. }));
    }

    #[test]
    fn figures_of_a_list_are_those_of_its_values() {
        let d = list(&[3.0, 1.0, 2.0, 2.0]);
        assert_eq!((d.mean(), d.variance(), d.cdf(1.9), d.cdf(2.0)), (2.0, 0.5, 0.25, 0.75));
        assert_eq!((d.quantile(0.0), d.quantile(0.5), d.quantile(0.76)), (Some(1.0), Some(2.0), Some(3.0)));
        assert_eq!((d.quantile(1.0), d.quantile(f64::NAN)), (Some(3.0), None));
    }

    #[test]
    fn figures_of_a_histogram_are_those_of_its_cells() {
        let d =
            histogram(&[cell(-1.0, -1.0, 0.0), cell(0.0, 2.0, 1.0), cell(2.0, 2.0, 2.0), cell(4.0, 8.0, 1.0)]).unwrap();
        assert_eq!(d.mean(), (1.0 + 2.0 * 2.0 + 6.0) / 4.0);
        let second = (4.0 / 3.0 + 2.0 * 4.0 + 36.0 + 16.0 / 12.0) / 4.0;
        assert!((d.variance() - (second - d.mean() * d.mean())).abs() < 1e-14);
        for (x, share) in
            [(-2.0, 0.0), (-1.0, 0.0), (1.0, 0.125), (1.999_999, 0.249_999_875), (2.0, 0.75), (6.0, 0.875), (9.0, 1.0)]
        {
            assert!((d.cdf(x) - share).abs() < 1e-14, "{x}");
        }
        for (p, value) in [(0.0, 0.0), (0.125, 1.0), (0.5, 2.0), (0.75, 2.0), (0.875, 6.0), (1.0, 8.0)] {
            assert_eq!(d.quantile(p), Some(value), "{p}");
        }
    }

    #[test]
    fn draws_equal_the_reference_and_point_masses_are_exact() {
        let samplers = [
            list(&[0.1, 0.2, 0.3]),
            histogram(&[cell(0.1, 0.1, 5.0), cell(1.0, 2.0, 1.0), cell(7.0, 7.0, 0.0)]).unwrap(),
        ];
        for sampler in samplers {
            let key = StreamKey::new(1, 2, 3);
            let (mut fast, mut slow) = ([0.0; 3001], [0.0; 3001]);
            sampler.fill(&mut BlockRng::new(&key, 4), &mut fast);
            sampler.fill_reference(&mut BlockRng::new(&key, 4), &mut slow);
            assert_eq!(fast, slow);
            assert!(fast.iter().all(|x| [0.1, 0.2, 0.3].contains(x) || (1.0..=2.0).contains(x)));
        }
    }

    #[test]
    fn one_column_of_indices_pairs_lists() {
        let (first, second) = ([1.0, 2.0, 3.0], [10.0, 20.0, 30.0]);
        let mut indices = [0; 100];
        list(&first).fill_indices(&mut BlockRng::new(&StreamKey::new(1, 2, 3), 0), &mut indices);
        let (mut a, mut b) = ([0.0; 100], [0.0; 100]);
        gather(&first, &indices, &mut a);
        gather(&second, &indices, &mut b);
        assert!(a.iter().zip(&b).all(|(a, b)| 10.0 * a == *b));
    }
}
