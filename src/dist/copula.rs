//! The Gaussian copula: correlated standard normal scores that take any marginal distributions to declared rank
//! correlations and leave the marginals as they are.
//!
//! Matrices that no variables can have are replaced by the nearest that some can. Nothing is drawn here.

/// A group of variables with declared rank correlations.
///
/// The score of variable `i` is `sum_j L[i][j] e_j` with independent standard normals `e_j`, where `L L^T = R` and
/// `R[i][j] = 2 sin(pi rho[i][j] / 6)` for the rank correlation (Spearman's) `rho`. Pairs without a declared correlation
/// have 0.
///
/// # Source
/// K. Pearson (1907) for the relation of rank and normal correlation; R. B. Nelsen, "An introduction to copulas", 2nd
/// ed., 2006, section 5.1; N. J. Higham, "Computing the nearest correlation matrix", IMA J. Numer. Anal. 22 (2002)
/// 329-343, doi:10.1093/imanum/22.3.329, for the repair.
///
/// # Examples
/// ```
/// use tailcast::dist::GaussianCopula;
/// let copula = GaussianCopula::new(2, &[(0, 1, 0.5)]);
/// assert!((copula.rank_correlation(0, 1) - 0.5).abs() < 1e-12 && !copula.is_repaired());
/// // Each of three cannot be the opposite of both others.
/// let repaired = GaussianCopula::new(3, &[(0, 1, -0.9), (0, 2, -0.9), (1, 2, -0.9)]);
/// assert!(repaired.is_repaired() && (repaired.rank_correlation(1, 2) + 0.482_583).abs() < 1e-5);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GaussianCopula {
    /// Lower triangle, row by row; each row has length 1.
    loadings: Vec<Vec<f64>>,
    repaired: bool,
}

/// Most variables of a group: the repair takes time that grows with the third power.
pub const CORRELATED_MAX: usize = 64;

/// Rounds of the repair; each brings the matrix nearer.
const REPAIR_ROUNDS: usize = 200;

/// How far a matrix may be from one that variables can have.
const TOLERANCE: f64 = 1e-7;

type Rows = Vec<Vec<f64>>;

impl GaussianCopula {
    /// Copula of `size` variables with these rank correlations.
    ///
    /// # Parameters
    /// - `pairs`: two different variables below `size`, and a coefficient in [-1, 1].
    ///
    /// # Numerics
    /// A matrix that some variables can have is met to 1e-7. Otherwise `R` is the nearest correlation matrix by the sum of
    /// the squared differences, to 1e-6 or so.
    ///
    /// # Panics
    /// If a pair names a variable that is not below `size`.
    #[must_use]
    pub fn new(size: usize, pairs: &[(usize, usize, f64)]) -> Self {
        let mut matrix = identity(size);
        for &(i, j, rank) in pairs {
            let normal = 2.0 * (std::f64::consts::PI * rank / 6.0).sin();
            (matrix[i][j], matrix[j][i]) = (normal, normal);
        }
        let loadings = cholesky(&matrix);
        if distance(&products(&loadings), &matrix) <= TOLERANCE {
            return Self { loadings: unit_rows(loadings), repaired: false };
        }
        Self { loadings: unit_rows(cholesky(&nearest_correlation(&matrix))), repaired: true }
    }

    /// Loadings of variable `i` on the independent scores of variables 0 to `i`.
    ///
    /// # Panics
    /// If there is no such variable.
    #[must_use]
    pub fn loadings(&self, i: usize) -> &[f64] {
        &self.loadings[i][..=i]
    }

    /// Whether no variables can have the correlations asked for, so that they have the nearest possible.
    #[must_use]
    pub const fn is_repaired(&self) -> bool {
        self.repaired
    }

    /// The rank correlation that two variables with continuous marginals have.
    ///
    /// # Panics
    /// If there is no such variable.
    #[must_use]
    pub fn rank_correlation(&self, i: usize, j: usize) -> f64 {
        let normal: f64 = self.loadings[i].iter().zip(&self.loadings[j]).map(|(a, b)| a * b).sum();
        6.0 / std::f64::consts::PI * (normal.clamp(-1.0, 1.0) / 2.0).asin()
    }
}

/// The groups of variables that correlations connect, each ascending, in the order of their first members.
#[must_use]
pub fn correlated_groups(pairs: &[(usize, usize, f64)]) -> Vec<Vec<usize>> {
    use std::collections::BTreeMap;
    let mut neighbours: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &(i, j, _) in pairs {
        neighbours.entry(i).or_default().push(j);
        neighbours.entry(j).or_default().push(i);
    }
    let mut groups = Vec::new();
    while let Some((&first, _)) = neighbours.iter().next() {
        let (mut group, mut waiting) = (Vec::new(), vec![first]);
        while let Some(variable) = waiting.pop() {
            if let Some(next) = neighbours.remove(&variable) {
                group.push(variable);
                waiting.extend(next);
            }
        }
        group.sort_unstable();
        groups.push(group);
    }
    groups
}

fn identity(size: usize) -> Rows {
    (0..size).map(|i| (0..size).map(|j| f64::from(u8::from(i == j))).collect()).collect()
}

/// Cholesky's factor; columns whose pivot is 0 or below are left empty.
fn cholesky(matrix: &Rows) -> Rows {
    let size = matrix.len();
    let mut factor = vec![vec![0.0; size]; size];
    for column in 0..size {
        let known = |factor: &Rows, i: usize| (0..column).map(|k| factor[i][k] * factor[column][k]).sum::<f64>();
        let pivot = matrix[column][column] - known(&factor, column);
        if pivot <= 1e-12 {
            continue;
        }
        factor[column][column] = pivot.sqrt();
        for row in column + 1..size {
            factor[row][column] = (matrix[row][column] - known(&factor, row)) / factor[column][column];
        }
    }
    factor
}

/// Scales each row to length 1, so that every score has the variance 1.
fn unit_rows(mut rows: Rows) -> Rows {
    for (index, row) in rows.iter_mut().enumerate() {
        let length = row.iter().map(|x| x * x).sum::<f64>().sqrt();
        if length > 0.0 {
            row.iter_mut().for_each(|x| *x /= length);
        } else {
            row[index] = 1.0;
        }
    }
    rows
}

/// `F F^T`.
fn products(factor: &Rows) -> Rows {
    let product = |a: &Vec<f64>, b: &Vec<f64>| a.iter().zip(b).map(|(a, b)| a * b).sum();
    factor.iter().map(|a| factor.iter().map(|b| product(a, b)).collect()).collect()
}

/// Largest difference of two matrices.
fn distance(a: &Rows, b: &Rows) -> f64 {
    a.iter().flatten().zip(b.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// Projections in turn on the matrices without negative eigenvalues and on those with a diagonal of 1, with Dykstra's
/// correction, which makes the limit the nearest of both.
fn nearest_correlation(matrix: &Rows) -> Rows {
    let size = matrix.len();
    let (mut current, mut correction) = (matrix.clone(), vec![vec![0.0; size]; size]);
    for _ in 0..REPAIR_ROUNDS {
        let shifted: Rows = (0..size).map(|i| (0..size).map(|j| current[i][j] - correction[i][j]).collect()).collect();
        let positive = without_negative_eigenvalues(&shifted);
        let mut next = positive.clone();
        (0..size).for_each(|i| next[i][i] = 1.0);
        for i in 0..size {
            for j in 0..size {
                correction[i][j] = positive[i][j] - shifted[i][j];
            }
        }
        let moved = distance(&next, &current);
        current = next;
        if moved < 1e-9 {
            break;
        }
    }
    without_negative_eigenvalues(&current)
}

/// The nearest matrix without negative eigenvalues: those are set to 0.
fn without_negative_eigenvalues(matrix: &Rows) -> Rows {
    let size = matrix.len();
    let (values, vectors) = eigen(matrix);
    let entry = |i: usize, j: usize| (0..size).map(|k| vectors[i][k] * values[k].max(0.0) * vectors[j][k]).sum();
    (0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect()
}

/// Eigenvalues and eigenvectors (as columns) of a symmetric matrix, by Jacobi's rotations.
fn eigen(matrix: &Rows) -> (Vec<f64>, Rows) {
    let size = matrix.len();
    let (mut a, mut vectors) = (matrix.clone(), identity(size));
    for _ in 0..50 {
        let off: f64 = (0..size).flat_map(|i| a[i][i + 1..].iter()).map(|x| x * x).sum();
        if off < 1e-24 {
            break;
        }
        for p in 0..size {
            for q in p + 1..size {
                if a[p][q].abs() > 1e-15 {
                    rotate(&mut a, &mut vectors, p, q);
                }
            }
        }
    }
    ((0..size).map(|i| a[i][i]).collect(), vectors)
}

/// The rotation of the plane of `p` and `q`, `p < q`, that makes their entry 0.
fn rotate(a: &mut Rows, vectors: &mut Rows, p: usize, q: usize) {
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let tangent = theta.signum() / (theta.abs() + theta.mul_add(theta, 1.0).sqrt());
    let tangent = if theta == 0.0 { 1.0 } else { tangent };
    let cosine = tangent.mul_add(tangent, 1.0).sqrt().recip();
    let sine = tangent * cosine;
    let turn = |x: f64, y: f64| (cosine * x - sine * y, sine * x + cosine * y);
    for row in a.iter_mut() {
        (row[p], row[q]) = turn(row[p], row[q]);
    }
    let (upper, lower) = a.split_at_mut(q);
    for (x, y) in upper[p].iter_mut().zip(&mut lower[0]) {
        (*x, *y) = turn(*x, *y);
    }
    for row in vectors.iter_mut() {
        (row[p], row[q]) = turn(row[p], row[q]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn possible_correlations_are_met() {
        let pairs = [(0, 1, 0.8), (1, 2, -0.3), (0, 3, 1.0)];
        // Variables 0 and 3 are one, so 3 has what 0 has with 1.
        let all = [pairs[0], pairs[1], pairs[2], (1, 3, 0.8)];
        let copula = GaussianCopula::new(4, &all);
        assert!(!copula.is_repaired());
        for (i, j, rank) in all {
            assert!((copula.rank_correlation(i, j) - rank).abs() < 1e-6, "{i} {j}");
        }
        assert!(copula.rank_correlation(0, 2).abs() < 1e-12);
    }

    #[test]
    fn impossible_correlations_become_the_nearest_possible() {
        // Higham's example 4.1 (2002): normal correlations 1, 1 and 0 of three variables.
        let copula = GaussianCopula::new(3, &[(0, 1, 1.0), (1, 2, 1.0)]);
        assert!(copula.is_repaired());
        let normal = |i, j| 2.0 * (std::f64::consts::PI * copula.rank_correlation(i, j) / 6.0).sin();
        assert!((normal(0, 1) - 0.760_689_917).abs() < 1e-5 && (normal(0, 2) - 0.157_296_111).abs() < 1e-5);
        for i in 0..3 {
            assert!((copula.loadings(i).iter().map(|x| x * x).sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn groups_are_what_pairs_connect() {
        let pairs = [(5, 1, 0.1), (2, 7, 0.1), (7, 3, 0.1)];
        assert_eq!(correlated_groups(&pairs), [vec![1, 5], vec![2, 3, 7]]);
    }
}
