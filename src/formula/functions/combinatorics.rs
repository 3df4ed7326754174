//! Counting: factorials, selections, partitions; and the gamma, error and zeta functions.

use super::real;
use super::reduction::arguments_of;
use super::{Apply, Family, FunctionInfo, NumericFunction, Scalar, checked, domain};
use crate::formula::interpreter::{EvaluateErrorKind, Evaluated, Interpreter, broadcast, elementwise, real_of};
use crate::formula::value::Value;

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    arity: (usize, usize),
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Combinatorics, name, signatures, arity, help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "factorial",
        &["factorial(x)"],
        (1, 1),
        "`x!`, which is `gamma(x + 1)`.",
        ("factorial(5)", "120"),
        |interpreter, arguments| interpreter.factorial(&arguments[0]),
    )
    .domain("not negative")
    .scalar(Scalar::One(real::factorial)),
    entry(
        "combinations",
        &["combinations(n, k)"],
        (2, 2),
        "Ways to choose `k` of `n`.",
        ("combinations(5, 2)", "10"),
        |_, arguments| counted("combinations", arguments, real::combinations, "whole numbers with 0 <= k <= n"),
    )
    .domain("whole numbers, `0 <= k <= n`")
    .scalar(Scalar::Two(real::combinations)),
    entry(
        "combinationsWithRep",
        &["combinationsWithRep(n, k)"],
        (2, 2),
        "Ways to choose `k` of `n` when each may be chosen again.",
        ("combinationsWithRep(3, 4)", "15"),
        |_, arguments| {
            counted("combinationsWithRep", arguments, real::combinations_with_repetition, "whole numbers, n from 1 on")
        },
    )
    .domain("whole numbers, `n >= 1`, `k >= 0`")
    .scalar(Scalar::Two(real::combinations_with_repetition)),
    entry(
        "permutations",
        &["permutations(n)", "permutations(n, k)"],
        (1, 2),
        "Orders of `n` things, or of `k` of them.",
        ("permutations(5, 2)", "20"),
        permutations,
    )
    .domain("whole numbers, `0 <= k <= n`")
    .scalar(Scalar::OneOrTwo(real::permutations, real::permutations_of)),
    entry(
        "multinomial",
        &["multinomial(counts)"],
        (1, 1),
        "Ways to divide the sum of the counts into groups of those sizes.",
        ("multinomial([1, 2, 3])", "60"),
        |interpreter, arguments| {
            let counts = numbers("multinomial", arguments)?;
            if interpreter.options().compat {
                return Ok(Value::Number(f64::NAN));
            }
            checked(real::multinomial(&counts), &counts, "multinomial", "positive whole numbers")
        },
    )
    .domain("positive whole numbers"),
    entry("catalan", &["catalan(n)"], (1, 1), "Catalan number.", ("catalan(5)", "42"), |_, arguments| {
        counted_one("catalan", arguments, real::catalan)
    })
    .domain("a whole number, not negative")
    .scalar(Scalar::One(real::catalan)),
    entry(
        "composition",
        &["composition(n, k)"],
        (2, 2),
        "Ways to write `n` as an ordered sum of `k` positive whole numbers.",
        ("composition(5, 3)", "6"),
        |_, arguments| counted("composition", arguments, real::composition, "whole numbers with 1 <= k <= n"),
    )
    .domain("whole numbers, `1 <= k <= n`")
    .scalar(Scalar::Two(real::composition)),
    entry(
        "stirlingS2",
        &["stirlingS2(n, k)"],
        (2, 2),
        "Ways to divide `n` things into `k` groups that are not empty.",
        ("stirlingS2(5, 3)", "25"),
        |interpreter, arguments| {
            charge_partitions(interpreter, arguments)?;
            counted("stirlingS2", arguments, real::stirling_s2, "whole numbers with 0 <= k <= n")
        },
    )
    .domain("whole numbers, `0 <= k <= n`")
    .scalar(Scalar::Two(real::stirling_s2)),
    entry(
        "bellNumbers",
        &["bellNumbers(n)"],
        (1, 1),
        "Ways to divide `n` things into groups.",
        ("bellNumbers(5)", "52"),
        |interpreter, arguments| {
            charge_partitions(interpreter, arguments)?;
            counted_one("bellNumbers", arguments, real::bell_number)
        },
    )
    .domain("a whole number, not negative")
    .scalar(Scalar::One(real::bell_number)),
    entry(
        "lgamma",
        &["lgamma(x)"],
        (1, 1),
        "Natural logarithm of the gamma function.",
        ("lgamma(5)", "log(24)"),
        |interpreter, arguments| {
            let apply = if interpreter.options().compat { real::ln_gamma_of_mathjs } else { real::ln_gamma };
            elementwise(&arguments[0], &mut |value| Ok(Value::Number(apply(real_of("lgamma", value)?))))
        },
    )
    .domain("not negative")
    .scalar(Scalar::One(real::ln_gamma)),
    FunctionInfo::new(
        Family::Combinatorics,
        "erf",
        &["erf(x)"],
        (1, 1),
        "Error function.",
        ("erf(1)", "0.8427007929497149"),
        Apply::Numeric(NumericFunction::new(real::erf)),
    ),
    entry(
        "zeta",
        &["zeta(s)"],
        (1, 1),
        "Riemann's zeta function of a real number; not a number at 1.",
        ("zeta(2)", "pi ^ 2 / 6"),
        |interpreter, arguments| {
            let compat = interpreter.options().compat;
            elementwise(&arguments[0], &mut |value| {
                let s = real_of("zeta", value)?;
                let broken = compat && s != 0.0 && s.is_finite();
                Ok(Value::Number(if broken { f64::NAN } else { real::zeta(s) }))
            })
        },
    )
    .scalar(Scalar::One(real::zeta)),
];

fn numbers(function: &'static str, arguments: &[Value]) -> Result<Vec<f64>, EvaluateErrorKind> {
    arguments_of(function, arguments)?.iter().map(|value| real_of(function, value)).collect()
}

/// Counts the work on Stirling numbers, for each element.
fn charge_partitions(interpreter: &mut Interpreter<'_>, arguments: &[Value]) -> Result<(), EvaluateErrorKind> {
    /// Steps that a row of Stirling numbers counts for.
    const ROW_STEPS: usize = 1000;
    let rows = arguments.iter().map(|argument| argument.weight() + 1).fold(1, usize::saturating_mul);
    interpreter.charge(rows.saturating_mul(ROW_STEPS))
}

fn counted(
    function: &'static str,
    arguments: &[Value],
    apply: fn(f64, f64) -> f64,
    expected: &'static str,
) -> Evaluated {
    broadcast(&arguments[0], &arguments[1], &mut |n, k| {
        let (n, k) = (real_of(function, n)?, real_of(function, k)?);
        let result = apply(n, k);
        if result.is_nan() { Err(domain(function, expected)) } else { Ok(Value::Number(result)) }
    })
}

fn counted_one(function: &'static str, arguments: &[Value], apply: fn(f64) -> f64) -> Evaluated {
    elementwise(&arguments[0], &mut |n| {
        let result = apply(real_of(function, n)?);
        if result.is_nan() {
            Err(domain(function, "a whole number that is not negative"))
        } else {
            Ok(Value::Number(result))
        }
    })
}

fn permutations(interpreter: &mut Interpreter<'_>, arguments: &[Value]) -> Evaluated {
    if arguments.len() == 2 {
        return counted("permutations", arguments, real::permutations_of, "whole numbers with 0 <= k <= n");
    }
    let result = counted_one("permutations", arguments, real::permutations)?;
    Ok(if interpreter.options().compat { Value::Number(f64::NAN) } else { result })
}
