//! Finance functions, rounded to cents as financejs does.
//!
//! Rates are in percent. A missing amount is NaN.

/// Rounds half up, as JavaScript does.
fn round_half_up(x: f64) -> f64 {
    let floor = x.floor();
    if x - floor >= 0.5 { floor + 1.0 } else { floor }
}

fn to_cents(x: f64) -> f64 {
    round_half_up(x * 100.0) / 100.0
}

fn growth(rate: f64, periods: f64) -> f64 {
    super::power(1.0 + rate / 100.0, periods)
}

/// Present value of one payment after that many periods.
///
/// # Examples
/// ```
/// use tailcast::formula::functions::real;
/// assert_eq!(real::present_value(5.0, 100.0, 1.0), 95.24);
/// ```
#[must_use]
pub fn present_value(rate: f64, payment: f64, periods: f64) -> f64 {
    to_cents(payment / growth(rate, periods))
}

/// Value of an amount after that many periods.
#[must_use]
pub fn future_value(rate: f64, amount: f64, periods: f64) -> f64 {
    to_cents(amount * growth(rate, periods))
}

/// Net present value: the first flow now, one more each period.
#[must_use]
pub fn net_present_value(rate: f64, flows: &[f64]) -> f64 {
    let Some((first, rest)) = flows.split_first() else { return f64::NAN };
    let (mut value, mut period) = (*first, 1.0);
    for flow in rest {
        value += flow / growth(rate, period);
        period += 1.0;
    }
    to_cents(value)
}

/// Periods until the flows after the first have paid for it.
///
/// With `periods` 0 the second flow comes in every period; otherwise NaN when the flows never pay.
#[must_use]
pub fn payback_period(periods: f64, flows: &[f64]) -> f64 {
    let Some((first, rest)) = flows.split_first() else { return f64::NAN };
    if periods == 0.0 {
        return rest.first().map_or(f64::NAN, |flow| first.abs() / flow);
    }
    let (mut balance, mut period) = (*first, 1.0);
    for flow in rest {
        balance += flow;
        if balance > 0.0 {
            return period + (balance - flow) / flow;
        }
        period += 1.0;
    }
    f64::NAN
}

/// Return on investment, in percent.
#[must_use]
pub fn return_on_investment(cost: f64, earnings: f64) -> f64 {
    let cost = cost.abs();
    to_cents((earnings - cost) / cost * 100.0)
}

/// Monthly payment that amortizes a loan.
///
/// # Parameters
/// - `rate`: yearly, in percent.
/// - `periods`: in years when `unit` is 0 (or NaN), in months when it is 1; NaN otherwise.
/// - `at_beginning`: whether payments are made at the beginning of the month.
#[must_use]
pub fn amortization(principal: f64, rate: f64, periods: f64, unit: f64, at_beginning: bool) -> f64 {
    let rate = rate / 12.0 / 100.0;
    let months = if unit == 0.0 || unit.is_nan() {
        periods * 12.0
    } else if unit == 1.0 {
        periods
    } else {
        return f64::NAN;
    };
    let accruals = if at_beginning { months - 1.0 } else { months };
    let numerator = rate * super::power(1.0 + rate, accruals);
    to_cents(principal * (numerator / (super::power(1.0 + rate, months) - 1.0)))
}

/// Profitability index: present value of the flows after the first, over the first.
#[must_use]
pub fn profitability_index(rate: f64, flows: &[f64]) -> f64 {
    let Some((first, rest)) = flows.split_first() else { return f64::NAN };
    let (mut total, mut period) = (0.0, 1.0);
    for flow in rest {
        total += flow * (1.0 / growth(rate, period));
        period += 1.0;
    }
    to_cents(total / first.abs())
}

/// Discount factor of a period, counted from 1, rounded up to three decimals.
#[must_use]
pub fn discount_factor(rate: f64, period: f64) -> f64 {
    (1.0 / growth(rate, period - 1.0) * 1000.0).ceil() / 1000.0
}

/// Principal with compound interest.
#[must_use]
pub fn compound_interest(rate: f64, compoundings: f64, principal: f64, periods: f64) -> f64 {
    to_cents(principal * super::power(1.0 + rate / 100.0 / compoundings, compoundings * periods))
}

/// Compound annual growth rate, in percent.
#[must_use]
pub fn compound_annual_growth_rate(begin: f64, end: f64, periods: f64) -> f64 {
    round_half_up((super::power(end / begin, 1.0 / periods) - 1.0) * 10_000.0) / 100.0
}

/// Leverage ratio.
#[must_use]
pub fn leverage_ratio(liabilities: f64, debts: f64, income: f64) -> f64 {
    (liabilities + debts) / income
}

/// Periods in which an amount doubles, by the rule of 72.
#[must_use]
pub fn rule_of_72(rate: f64) -> f64 {
    72.0 / rate
}

/// Weighted average cost of capital, in percent with one decimal.
#[must_use]
pub fn weighted_average_cost_of_capital(
    equity: f64,
    debt: f64,
    cost_of_equity: f64,
    cost_of_debt: f64,
    tax_rate: f64,
) -> f64 {
    let value = equity + debt;
    let cost =
        (equity / value) * cost_of_equity / 100.0 + ((debt / value) * cost_of_debt / 100.0) * (1.0 - tax_rate / 100.0);
    round_half_up(cost * 1000.0) / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_financejs() {
        assert_eq!((present_value(5.0, 100.0, 1.0), future_value(0.5, 1000.0, 12.0)), (95.24, 1061.68));
        assert_eq!(net_present_value(10.0, &[-500_000.0, 200_000.0, 300_000.0, 200_000.0]), 80_015.03);
        assert_eq!(payback_period(5.0, &[-50.0, 10.0, 13.0, 16.0, 19.0, 22.0]), 3.421_052_631_578_947_3);
        assert_eq!((payback_period(0.0, &[-105.0, 25.0]), return_on_investment(100.0, 150.0)), (4.2, 50.0));
        assert_eq!(amortization(20_000.0, 7.5, 5.0, 0.0, false), 400.76);
        assert_eq!(amortization(20_000.0, 7.5, 60.0, 1.0, true), 398.27);
        let flows = [-40_000.0, 18_000.0, 12_000.0, 10_000.0, 9000.0, 6000.0];
        assert_eq!(profitability_index(10.0, &flows), 1.09);
        assert_eq!(discount_factor(10.0, 2.0), 0.91);
        assert_eq!(compound_interest(5.0, 12.0, 1000.0, 10.0), 1647.01);
        assert_eq!(compound_annual_growth_rate(200.0, 100.0, 5.0), -12.94);
        assert_eq!((leverage_ratio(25.0, 10.0, 20.0), rule_of_72(10.0)), (1.75, 7.2));
        assert_eq!(weighted_average_cost_of_capital(600_000.0, 400_000.0, 6.0, 5.0, 35.0), 4.9);
    }

    #[test]
    fn missing_amounts_are_no_number() {
        assert!(net_present_value(5.0, &[]).is_nan() && profitability_index(5.0, &[]).is_nan());
        assert!(payback_period(3.0, &[-100.0, 10.0]).is_nan() && payback_period(0.0, &[1.0]).is_nan());
        assert!(amortization(1.0, 1.0, 1.0, 2.0, false).is_nan());
    }

    #[test]
    fn a_rate_of_minus_100_percent_divides_by_zero() {
        assert_eq!(present_value(-100.0, 100.0, 1.0), f64::INFINITY);
    }
}
