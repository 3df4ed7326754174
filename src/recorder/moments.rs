//! Mean, spread and extremes of finite samples, exact to rounding and mergeable.
//!
//! A block's moments are computed in two passes over data that is in cache (mean first, squares about it second), so
//! nothing cancels; blocks are merged in their own order, so the bits do not depend on which thread did what.

use crate::math::vectorised;

/// Accumulators that run side by side, so that the compiler can keep them in one or two vector registers.
const LANES: usize = 16;

/// Count, mean, sum of squared deviations and extremes of a set of finite samples.
///
/// # Numerics
/// Merging follows Chan, Golub and LeVeque (1983), "Algorithms for computing the sample variance": relative error of
/// the order of `log2(blocks)` roundings for the mean of samples of one sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Number of samples.
    pub count: u64,
    /// Mean; 0 when `count` is 0.
    pub mean: f64,
    /// Sum of squared deviations from the mean.
    pub squares: f64,
    /// Smallest sample; plus infinity when `count` is 0.
    pub min: f64,
    /// Largest sample; minus infinity when `count` is 0.
    pub max: f64,
}

impl Moments {
    /// Moments of no samples.
    pub const EMPTY: Self = Self { count: 0, mean: 0.0, squares: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY };

    /// Moments of `values`, or `None` when their sum is not finite (a sample is not finite, or the sum overflows).
    #[must_use]
    pub fn of_block(values: &[f64]) -> Option<Self> {
        if values.is_empty() {
            return Some(Self::EMPTY);
        }
        let (sum, min, max) = sum_and_extremes(values);
        if !sum.is_finite() {
            return None;
        }
        let count = values.len() as f64;
        let mean = sum / count;
        let (rest, squares) = deviations(values, mean);
        // `rest` is what rounding left of the sum of deviations; it corrects both figures (two-pass algorithm).
        Some(Self {
            count: values.len() as u64,
            mean: mean + rest / count,
            squares: (squares - rest * rest / count).max(0.0),
            min: min + 0.0,
            max: max + 0.0,
        })
    }

    /// Moments of finite values of any size, one at a time; slow, but the sum cannot overflow.
    #[must_use]
    pub fn of_each(values: &[f64]) -> Self {
        values.iter().fold(Self::EMPTY, |moments, &value| {
            moments.merge(Self { count: 1, mean: value, squares: 0.0, min: value + 0.0, max: value + 0.0 })
        })
    }

    /// Moments of `count` copies of one finite value.
    #[must_use]
    pub fn of_constant(value: f64, count: u64) -> Self {
        if count == 0 {
            return Self::EMPTY;
        }
        Self { count, mean: value, squares: 0.0, min: value, max: value }
    }

    /// Moments of both sets together.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        if self.count == 0 {
            return other;
        }
        if other.count == 0 {
            return self;
        }
        let (count, other_count) = (self.count as f64, other.count as f64);
        let total = count + other_count;
        let difference = other.mean - self.mean;
        Self {
            count: self.count + other.count,
            mean: self.mean + difference * (other_count / total),
            squares: self.squares + other.squares + difference * difference * (count * other_count / total),
            min: self.min.min(other.min),
            max: self.max.max(other.max),
        }
    }

    /// Mean, or `None` without samples or when it is not finite.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0 && self.mean.is_finite()).then_some(self.mean)
    }

    /// Standard deviation with divisor N, or `None` without samples or when it is not finite.
    #[must_use]
    pub fn stdev(&self) -> Option<f64> {
        let stdev = (self.squares / self.count as f64).sqrt();
        (self.count > 0 && stdev.is_finite()).then_some(stdev)
    }

    /// Standard error of the mean: the sample standard deviation (divisor N - 1) over the root of N; needs two samples.
    #[must_use]
    pub fn mean_standard_error(&self) -> Option<f64> {
        let count = self.count as f64;
        let error = (self.squares / (count - 1.0) / count).sqrt();
        (self.count > 1 && error.is_finite()).then_some(error)
    }
}

vectorised! {
    fn sum_and_extremes(values: &[f64]) -> (f64, f64, f64) {
        let mut sums = [0.0f64; LANES];
        let mut mins = [f64::INFINITY; LANES];
        let mut maxs = [f64::NEG_INFINITY; LANES];
        let (chunks, rest) = values.as_chunks::<LANES>();
        for chunk in chunks {
            for lane in 0..LANES {
                let value = chunk[lane];
                sums[lane] += value;
                mins[lane] = if value < mins[lane] { value } else { mins[lane] };
                maxs[lane] = if value > maxs[lane] { value } else { maxs[lane] };
            }
        }
        for (lane, &value) in rest.iter().enumerate() {
            sums[lane] += value;
            mins[lane] = if value < mins[lane] { value } else { mins[lane] };
            maxs[lane] = if value > maxs[lane] { value } else { maxs[lane] };
        }
        (pairwise(sums), mins.into_iter().fold(f64::INFINITY, f64::min), maxs.into_iter().fold(f64::NEG_INFINITY, f64::max))
    }
}

vectorised! {
    fn deviations(values: &[f64], mean: f64) -> (f64, f64) {
        let mut sums = [0.0f64; LANES];
        let mut squares = [0.0f64; LANES];
        let (chunks, rest) = values.as_chunks::<LANES>();
        for chunk in chunks {
            for lane in 0..LANES {
                let deviation = chunk[lane] - mean;
                sums[lane] += deviation;
                squares[lane] = deviation.mul_add(deviation, squares[lane]);
            }
        }
        for (lane, &value) in rest.iter().enumerate() {
            let deviation = value - mean;
            sums[lane] += deviation;
            squares[lane] = deviation.mul_add(deviation, squares[lane]);
        }
        (pairwise(sums), pairwise(squares))
    }
}

/// Sum in a fixed tree, so that every instruction set gives the same bits.
#[inline(always)]
fn pairwise(mut lanes: [f64; LANES]) -> f64 {
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            lanes[lane] += lanes[lane + width];
        }
        width /= 2;
    }
    lanes[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_offset_does_not_eat_the_spread() {
        let values: Vec<f64> = (0..1000).map(|i| 1e12 + f64::from(i % 2)).collect();
        let moments = Moments::of_block(&values).expect("finite");
        assert_eq!(moments.mean, 1e12 + 0.5);
        assert!((moments.stdev().expect("samples") - 0.5).abs() < 1e-12);
    }

    #[test]
    fn merging_parts_gives_the_figures_of_the_whole() {
        let values: Vec<f64> = (0..777).map(|i| f64::from(i * i % 101) - 20.0).collect();
        let whole = Moments::of_block(&values).expect("finite");
        let parts =
            values.chunks(100).fold(Moments::EMPTY, |sum, part| sum.merge(Moments::of_block(part).expect("finite")));
        assert_eq!((parts.count, parts.min, parts.max), (whole.count, whole.min, whole.max));
        assert!((parts.mean - whole.mean).abs() < 1e-12);
        assert!((parts.squares - whole.squares).abs() < 1e-9 * whole.squares);
        let each = Moments::of_each(&values);
        assert!((each.squares - whole.squares).abs() < 1e-9 * whole.squares);
    }

    #[test]
    fn non_finite_blocks_are_refused() {
        assert_eq!(Moments::of_block(&[1.0, f64::NAN]), None);
        assert_eq!(Moments::of_block(&[1.0, f64::INFINITY]), None);
        assert_eq!(Moments::of_block(&[f64::MAX, f64::MAX]), None);
        assert_eq!(Moments::of_each(&[f64::MAX, f64::MAX]).mean, f64::MAX);
        assert_eq!(Moments::of_block(&[]), Some(Moments::EMPTY));
    }

    #[test]
    fn minus_zero_is_zero() {
        let moments = Moments::of_block(&[-0.0, -0.0]).expect("finite");
        assert!(moments.min.is_sign_positive() && moments.max.is_sign_positive());
    }
}
