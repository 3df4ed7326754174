//! Figures of a list that look at it as a whole: median, mode, spread, quantiles, correlation.

use std::cmp::Ordering;

use super::real::{self, Normalization};
use super::reduction::{arguments_of, reduce};
use super::{ANY, Apply, Family, FunctionInfo, Scalar, domain};
use crate::formula::interpreter::{EvaluateErrorKind, Evaluated, Interpreter, binary, order, real_of, unexpected};
use crate::formula::tree::BinaryOperator;
use crate::formula::value::{Matrix, Value};

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    arity: (usize, usize),
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Statistics, name, signatures, arity, help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "median",
        &["median(x, y, …)", "median(list)", "median(matrix, dimension)"],
        (1, ANY),
        "Middle value, or the mean of the two middle ones.",
        ("median(1, 2, 3, 4)", "2.5"),
        |_, arguments| reduce("median", arguments, &mut median),
    )
    .scalar(Scalar::Many(|xs| real::median(&mut xs.to_vec()))),
    entry(
        "mode",
        &["mode(x, y, …)", "mode(list)"],
        (1, ANY),
        "The most frequent values, as a list.",
        ("mode(1, 2, 2, 3)", "[2]"),
        |_, arguments| mode(arguments),
    ),
    entry(
        "variance",
        &["variance(x, y, …)", "variance(list, normalization)", "variance(matrix, dimension, normalization)"],
        (1, ANY),
        "Variance: the sum of squares over `n - 1`, over `n` when \"uncorrected\", over `n + 1` when \"biased\".",
        ("variance(1, 2, 3, 4)", "5 / 3"),
        |_, arguments| spread("variance", arguments, real::variance),
    )
    .scalar(Scalar::Many(|xs| real::variance(xs, Normalization::Unbiased))),
    entry(
        "std",
        &["std(x, y, …)", "std(list, normalization)", "std(matrix, dimension, normalization)"],
        (1, ANY),
        "Standard deviation: the root of the variance.",
        ("std([1, 2, 3, 4], \"biased\")", "1"),
        |_, arguments| spread("std", arguments, real::standard_deviation),
    )
    .scalar(Scalar::Many(|xs| real::standard_deviation(xs, Normalization::Unbiased))),
    entry(
        "mad",
        &["mad(x, y, …)", "mad(list)"],
        (1, ANY),
        "Median distance from the median.",
        ("mad([1, 2, 3, 10])", "1"),
        |_, arguments| {
            let mut numbers = numbers("mad", arguments_of("mad", arguments)?)?;
            Ok(Value::Number(real::median_absolute_deviation(&mut numbers)))
        },
    )
    .scalar(Scalar::Many(|xs| real::median_absolute_deviation(&mut xs.to_vec()))),
    entry(
        "quantileSeq",
        &["quantileSeq(list, p)", "quantileSeq(list, count)", "quantileSeq(list, p, sorted)"],
        (2, 3),
        "Quantile of a list, or the `count` quantiles that divide it evenly.",
        ("quantileSeq([4, 1, 3, 2], 0.1)", "1.3"),
        |_, arguments| quantiles(arguments),
    )
    .domain("`p` from 0 to 1 or a list of such; `count` a whole number above 1"),
    entry(
        "corr",
        &["corr(x, y)"],
        (2, 2),
        "Pearson's correlation of two lists.",
        ("corr([1, 2, 3], [2, 4, 6])", "1"),
        |_, arguments| correlation(arguments),
    ),
];

fn numbers(function: &'static str, values: &[Value]) -> Result<Vec<f64>, EvaluateErrorKind> {
    values.iter().map(|value| real_of(function, value)).collect()
}

/// The values in ascending order; NaN is not ordered, and is an error.
fn sorted(function: &'static str, values: &[Value]) -> Result<Vec<Value>, EvaluateErrorKind> {
    let mut sorted = values.to_vec();
    let mut failure = None;
    sorted.sort_by(|x, y| match order(function, x, y) {
        Ok(Some(order)) => order,
        Ok(None) => {
            failure = Some(domain(function, "numbers that can be ordered"));
            Ordering::Equal
        }
        Err(error) => {
            failure = Some(error);
            Ordering::Equal
        }
    });
    failure.map_or(Ok(sorted), Err)
}

fn median(values: &[Value]) -> Evaluated {
    let values = sorted("median", values)?;
    let middle = values.len() / 2;
    if values.len() % 2 == 1 {
        return Ok(values[middle].clone());
    }
    let sum = binary(BinaryOperator::Add, &values[middle - 1], &values[middle])?;
    binary(BinaryOperator::Divide, &sum, &Value::Number(2.0))
}

fn mode(arguments: &[Value]) -> Evaluated {
    let mut counts: std::collections::BTreeMap<String, (usize, usize)> = std::collections::BTreeMap::new();
    let values = arguments_of("mode", arguments)?;
    for (position, value) in values.iter().enumerate() {
        counts.entry(value.text(usize::MAX)).or_insert((0, position)).0 += 1;
    }
    let most = counts.values().map(|(count, _)| *count).max().unwrap_or(0);
    let mut modes: Vec<usize> =
        counts.values().filter(|(count, _)| *count == most).map(|(_, position)| *position).collect();
    modes.sort_unstable();
    Ok(Matrix::list(modes.into_iter().map(|position| values[position].clone()).collect()).into())
}

fn spread(function: &'static str, arguments: &[Value], apply: fn(&[f64], Normalization) -> f64) -> Evaluated {
    let (rest, normalization) = match arguments {
        [rest @ .., Value::Text(name)] if matches!(rest.first(), Some(Value::Matrix(_))) => {
            let normalization = match name.as_str() {
                "unbiased" => Normalization::Unbiased,
                "uncorrected" => Normalization::Uncorrected,
                "biased" => Normalization::Biased,
                _ => return Err(domain(function, "\"unbiased\", \"uncorrected\" or \"biased\"")),
            };
            (rest, normalization)
        }
        _ => (arguments, Normalization::Unbiased),
    };
    reduce(function, rest, &mut |values| Ok(Value::Number(apply(&numbers(function, values)?, normalization))))
}

/// Quantile of sorted values between the two around its position, in proportion.
fn quantile(values: &[Value], p: f64) -> Evaluated {
    #[expect(clippy::cast_precision_loss, reason = "a list has far fewer than 2^53 elements")]
    let position = (values.len() - 1) as f64 * p;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the list")]
    let (below, fraction) = (position.floor() as usize, position % 1.0);
    if fraction == 0.0 {
        return Ok(values[below].clone());
    }
    let left = binary(BinaryOperator::Multiply, &values[below], &Value::Number(1.0 - fraction))?;
    let right = binary(BinaryOperator::Multiply, &values[below + 1], &Value::Number(fraction))?;
    binary(BinaryOperator::Add, &left, &right)
}

fn quantiles(arguments: &[Value]) -> Evaluated {
    let values = arguments_of("quantileSeq", &arguments[..1])?;
    let values = match arguments.get(2) {
        Some(Value::Boolean(true)) => values.to_vec(),
        Some(Value::Boolean(false)) | None => sorted("quantileSeq", values)?,
        Some(other) => return Err(unexpected("quantileSeq", other)),
    };
    if let Value::Matrix(list) = &arguments[1] {
        return Ok(list
            .try_map(|p| {
                let p = real_of("quantileSeq", p)?;
                if (0.0..=1.0).contains(&p) {
                    quantile(&values, p)
                } else {
                    Err(domain("quantileSeq", "probabilities from 0 to 1"))
                }
            })?
            .into());
    }
    let p = real_of("quantileSeq", &arguments[1])?;
    if (0.0..=1.0).contains(&p) {
        return quantile(&values, p);
    }
    if p < 1.0 || p != p.round() {
        return Err(domain("quantileSeq", "a probability from 0 to 1 or a whole number of quantiles"));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive; saturates and is refused")]
    let count = Matrix::checked_count(&[p as usize])?;
    #[expect(clippy::cast_precision_loss, reason = "at most the largest count of elements")]
    let cuts = (1..=count).map(|cut| quantile(&values, cut as f64 / (p + 1.0))).collect::<Result<_, _>>()?;
    Ok(Matrix::list(cuts).into())
}

fn correlation(arguments: &[Value]) -> Evaluated {
    let x = numbers("corr", arguments_of("corr", &arguments[..1])?)?;
    let y = numbers("corr", arguments_of("corr", &arguments[1..])?)?;
    if x.len() != y.len() {
        return Err(EvaluateErrorKind::DimensionMismatch { left: vec![x.len()], right: vec![y.len()] });
    }
    let (mean_x, mean_y) = (real::mean(&x), real::mean(&y));
    let (mut products, mut squares_x, mut squares_y) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(&y) {
        products += (x - mean_x) * (y - mean_y);
        squares_x += (x - mean_x) * (x - mean_x);
        squares_y += (y - mean_y) * (y - mean_y);
    }
    Ok(Value::Number(products / f64::sqrt(squares_x * squares_y)))
}
