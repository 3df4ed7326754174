//! Alias tables: a weighted choice among many in constant time.

/// Weighted choice in one step: column `i` is kept below its threshold and replaced by its alias from there on.
#[derive(Debug, Clone)]
pub(crate) struct AliasTable {
    /// Threshold of each column, in 2^-64, and the index taken from there on.
    columns: Box<[(u64, u32)]>,
}

/// 2^64.
const WORD_RANGE: f64 = 18_446_744_073_709_551_616.0;

impl AliasTable {
    /// Table for weights that are finite and not negative, with the finite sum `sum > 0`; at most `u32::MAX` of them.
    ///
    /// # Numerics
    /// Each probability is right to a few 2^-53 of `1 / n`; weights of 0 are never drawn.
    ///
    /// # Source
    /// M. D. Vose, "A linear algorithm for generating random numbers with a given distribution", IEEE Trans. Softw.
    /// Eng. 17 (1991) 972-975, doi:10.1109/32.92917.
    pub(crate) fn new(weights: &[f64], sum: f64) -> Self {
        let scale = weights.len() as f64;
        let mut shares: Vec<f64> = weights.iter().map(|weight| weight / sum * scale).collect();
        let mut columns: Vec<(u64, u32)> = (0..weights.len() as u32).map(|index| (u64::MAX, index)).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..weights.len()).partition(|&i| shares[i] < 1.0);
        while let (Some(&under), Some(&over)) = (small.last(), large.last()) {
            small.pop();
            columns[under] = ((shares[under] * WORD_RANGE) as u64, over as u32);
            shares[over] -= 1.0 - shares[under];
            if shares[over] < 1.0 {
                large.pop();
                small.push(over);
            }
        }
        // Rounding can leave columns without a partner. They keep themselves, except that no weight must stay no
        // weight.
        let heaviest = (0..weights.len()).max_by(|&i, &j| weights[i].total_cmp(&weights[j])).unwrap_or(0);
        for index in small.into_iter().filter(|&index| weights[index] == 0.0) {
            columns[index] = (0, heaviest as u32);
        }
        Self { columns: columns.into_boxed_slice() }
    }

    /// Index that a word selects: the high half of its product with the length is the column, the low half decides.
    #[inline]
    pub(crate) fn pick(&self, word: u64) -> u32 {
        let product = u128::from(word) * self.columns.len() as u128;
        let (column, fraction) = ((product >> 64) as usize, product as u64);
        let (threshold, alias) = self.columns[column];
        // An index and not a branch: which of the two it is cannot be predicted.
        [alias, column as u32][usize::from(fraction < threshold)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Probability of each index, from the table itself.
    fn probabilities(table: &AliasTable) -> Vec<f64> {
        let len = table.columns.len() as f64;
        let mut out = vec![0.0; table.columns.len()];
        for (index, &(threshold, alias)) in table.columns.iter().enumerate() {
            let kept = threshold as f64 / WORD_RANGE;
            out[index] += kept / len;
            out[alias as usize] += (1.0 - kept) / len;
        }
        out
    }

    #[test]
    fn probabilities_are_the_weights() {
        for weights in [vec![1.0], vec![1.0, 1.0], vec![0.0, 3.0, 1.0, 0.0], vec![1e-9, 1.0, 1e9], vec![0.1; 10]] {
            let sum = weights.iter().sum();
            let table = AliasTable::new(&weights, sum);
            for (index, probability) in probabilities(&table).into_iter().enumerate() {
                assert!((probability - weights[index] / sum).abs() < 1e-15, "{weights:?} {index}");
            }
        }
    }

    #[test]
    fn extreme_words_pick_within_the_table() {
        let table = AliasTable::new(&[0.0, 1.0, 2.0, 0.0], 3.0);
        for word in [0, 1, u64::MAX / 2, u64::MAX - 1, u64::MAX] {
            assert!([1, 2].contains(&table.pick(word)), "{word}");
        }
    }
}
