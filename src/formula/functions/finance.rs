//! Finance functions.
//!
//! They read their arguments as JavaScript does: text that is a number counts as one, whatever else is not a number, an
//! argument that is missing is not a number unless it has a default, and further arguments are ignored.

use super::real;
use super::{ANY, Apply, Family, FunctionInfo, Scalar};
use crate::formula::interpreter::{Evaluated, Interpreter};
use crate::formula::value::{Matrix, Value, parse_number};

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    least: usize,
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Finance, name, signatures, (least, ANY), help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "PV",
        &["PV(rate, payment)", "PV(rate, payment, periods)"],
        2,
        "Present value of a payment after that many periods, 1 unless given.",
        ("PV(5, 100, 1)", "95.24"),
        |_, arguments| {
            let periods = if arguments.len() < 3 { 1.0 } else { number(arguments, 2) };
            amount(real::present_value(number(arguments, 0), number(arguments, 1), periods))
        },
    )
    .scalar(Scalar::Many(|xs| real::present_value(at(xs, 0), at(xs, 1), xs.get(2).copied().unwrap_or(1.0)))),
    entry(
        "FV",
        &["FV(rate, amount, periods)"],
        3,
        "Value of an amount after that many periods.",
        ("FV(5, 100, 10)", "162.89"),
        |_, arguments| amount(real::future_value(number(arguments, 0), number(arguments, 1), number(arguments, 2))),
    )
    .scalar(Scalar::Many(|xs| real::future_value(at(xs, 0), at(xs, 1), at(xs, 2)))),
    entry(
        "NPV",
        &["NPV(rate, flow, …)"],
        2,
        "Net present value: the first flow now, one more each period.",
        ("NPV(10, -1000, 500, 500, 500)", "243.43"),
        |_, arguments| amount(real::net_present_value(number(arguments, 0), &flows(arguments))),
    )
    .scalar(Scalar::Many(|xs| real::net_present_value(at(xs, 0), xs.get(1..).unwrap_or(&[])))),
    entry(
        "PP",
        &["PP(0, cost, flow)", "PP(periods, cost, flow, …)"],
        3,
        "Periods until the flows have paid for the cost; with 0 periods the flow comes in every period.",
        ("PP(0, -105, 25)", "4.2"),
        |_, arguments| {
            // Zero as text is another value in JavaScript.
            let even = matches!(arguments.first(), Some(Value::Number(0.0)));
            let flows = flows(arguments);
            let period = real::payback_period(if even { 0.0 } else { 1.0 }, &flows);
            let never = !even && period.is_nan() && !flows.iter().any(|flow| flow.is_nan());
            if never { Ok(Value::Undefined) } else { amount(period) }
        },
    )
    .scalar(Scalar::Many(|xs| real::payback_period(at(xs, 0), xs.get(1..).unwrap_or(&[])))),
    entry(
        "ROI",
        &["ROI(cost, earnings)"],
        2,
        "Return on investment, in percent.",
        ("ROI(100, 150)", "50"),
        |_, arguments| amount(real::return_on_investment(number(arguments, 0), number(arguments, 1))),
    )
    .scalar(Scalar::Two(real::return_on_investment)),
    entry(
        "AM",
        &[
            "AM(principal, rate, years)",
            "AM(principal, rate, periods, unit)",
            "AM(principal, rate, periods, unit, beginning)",
        ],
        3,
        "Monthly payment that amortizes a loan; `unit` 0 for years, 1 for months.",
        ("AM(20000, 7.5, 5, 0)", "400.76"),
        |_, arguments| amortization(arguments),
    )
    .scalar(Scalar::Many(|xs| {
        let unit = xs.get(3).copied().unwrap_or(0.0);
        real::amortization(at(xs, 0), at(xs, 1), at(xs, 2), unit, xs.get(4).copied().is_some_and(real::truth))
    })),
    entry(
        "PI",
        &["PI(rate, cost, flow, …)"],
        2,
        "Profitability index: present value of the flows over the cost.",
        ("PI(5, -100, 50, 50, 50)", "1.36"),
        |_, arguments| amount(real::profitability_index(number(arguments, 0), &flows(arguments))),
    )
    .scalar(Scalar::Many(|xs| real::profitability_index(at(xs, 0), xs.get(1..).unwrap_or(&[])))),
    entry(
        "DF",
        &["DF(rate, periods)"],
        2,
        "Discount factors of the periods before that one, as a list.",
        ("sum(DF(10, 6))", "4.173"),
        |_, arguments| discount_factors(arguments),
    ),
    entry(
        "CI",
        &["CI(rate, compoundings, principal, periods)"],
        4,
        "Principal with compound interest.",
        ("CI(5, 12, 1000, 10)", "1647.01"),
        |_, arguments| {
            let [rate, compoundings, principal, periods] = [0, 1, 2, 3].map(|index| number(arguments, index));
            amount(real::compound_interest(rate, compoundings, principal, periods))
        },
    )
    .scalar(Scalar::Many(|xs| real::compound_interest(at(xs, 0), at(xs, 1), at(xs, 2), at(xs, 3)))),
    entry(
        "CAGR",
        &["CAGR(begin, end, periods)"],
        3,
        "Compound annual growth rate, in percent.",
        ("CAGR(10000, 19500, 3)", "24.93"),
        |_, arguments| {
            let [begin, end, periods] = [0, 1, 2].map(|index| number(arguments, index));
            amount(real::compound_annual_growth_rate(begin, end, periods))
        },
    )
    .scalar(Scalar::Many(|xs| real::compound_annual_growth_rate(at(xs, 0), at(xs, 1), at(xs, 2)))),
    entry(
        "LR",
        &["LR(liabilities, debts, income)"],
        3,
        "Leverage ratio.",
        ("LR(25, 10, 20)", "1.75"),
        |_, arguments| amount(real::leverage_ratio(number(arguments, 0), number(arguments, 1), number(arguments, 2))),
    )
    .scalar(Scalar::Many(|xs| real::leverage_ratio(at(xs, 0), at(xs, 1), at(xs, 2)))),
    entry(
        "R72",
        &["R72(rate)"],
        1,
        "Periods in which an amount doubles, by the rule of 72.",
        ("R72(10)", "7.2"),
        |_, arguments| amount(real::rule_of_72(number(arguments, 0))),
    )
    .scalar(Scalar::Many(|xs| real::rule_of_72(at(xs, 0)))),
    entry(
        "WACC",
        &["WACC(equity, debt, costOfEquity, costOfDebt, taxRate)"],
        5,
        "Weighted average cost of capital, in percent.",
        ("WACC(600000, 400000, 6, 5, 35)", "4.9"),
        |_, arguments| {
            let [equity, debt, cost_of_equity, cost_of_debt, tax_rate] =
                [0, 1, 2, 3, 4].map(|index| number(arguments, index));
            amount(real::weighted_average_cost_of_capital(equity, debt, cost_of_equity, cost_of_debt, tax_rate))
        },
    )
    .scalar(Scalar::Many(|xs| {
        real::weighted_average_cost_of_capital(at(xs, 0), at(xs, 1), at(xs, 2), at(xs, 3), at(xs, 4))
    })),
];

const fn amount(x: f64) -> Evaluated {
    Ok(Value::Number(x))
}

fn at(xs: &[f64], index: usize) -> f64 {
    xs.get(index).copied().unwrap_or(f64::NAN)
}

/// The value as JavaScript makes it a number.
pub(super) fn coerced(value: &Value) -> f64 {
    match value {
        Value::Number(x) => *x,
        Value::Boolean(truth) => f64::from(u8::from(*truth)),
        Value::Text(text) => parse_number(text).unwrap_or(f64::NAN),
        Value::Null => 0.0,
        Value::BigNumber(number) => number.to_f64(),
        Value::Fraction(fraction) => fraction.to_f64(),
        #[expect(clippy::cast_precision_loss, reason = "an amount is an f64")]
        Value::BigInteger(integer) => *integer as f64,
        _ => f64::NAN,
    }
}

fn number(arguments: &[Value], index: usize) -> f64 {
    arguments.get(index).map_or(f64::NAN, coerced)
}

fn flows(arguments: &[Value]) -> Vec<f64> {
    arguments.iter().skip(1).map(coerced).collect()
}

/// Whether JavaScript takes the value for true.
fn truthy(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null | Value::Undefined | Value::Boolean(false)) => false,
        Some(Value::Number(x)) => real::truth(*x),
        Some(Value::Text(text)) => !text.is_empty(),
        Some(_) => true,
    }
}

fn amortization(arguments: &[Value]) -> Evaluated {
    let unit = match arguments.get(3) {
        unit if !truthy(unit) => 0.0,
        Some(Value::Number(1.0)) => 1.0,
        _ => return Ok(Value::Number(f64::NAN)),
    };
    let [principal, rate, periods] = [0, 1, 2].map(|index| number(arguments, index));
    amount(real::amortization(principal, rate, periods, unit, truthy(arguments.get(4))))
}

fn discount_factors(arguments: &[Value]) -> Evaluated {
    let (rate, periods) = (number(arguments, 0), number(arguments, 1));
    let last = (periods.ceil() - 1.0).max(0.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive; saturates and is refused")]
    let count = Matrix::checked_count(&[last as usize])?;
    #[expect(clippy::cast_precision_loss, reason = "at most the largest count of elements")]
    let factors = (1..=count).map(|period| Value::Number(real::discount_factor(rate, period as f64)));
    Ok(Matrix::list(factors.collect()).into())
}
