//! Which reading of the language is wanted where Guesstimate's own is a trap.
//!
//! A dialect decides how text becomes a tree. How a tree is evaluated is decided by whoever evaluates it.

/// How a text is read where Guesstimate's own reading surprises.
///
/// | text | [`Sane`](Self::Sane) | [`Guesstimate`](Self::Guesstimate) |
/// |---|---|---|
/// | `10% + 1` | ten percent, plus one | `10 mod (+1)` |
/// | `100 + 10% + 10%` | `(100 + 10%) + 10%`, 121 | `100 + (10 mod (+10%))`, 100 |
/// | `50% and x`, `50% mod x` | a percentage, then the operator | 50 modulo a variable called `and` or `mod` |
/// | `10%`, line end, more | a percentage ends the statement | the next line is the right operand of modulo |
/// | line ends or empty statements around a single one | ignored | make the statement a block |
///
/// Everything else is read alike. `mod` and parentheses say the same in both: `10 mod (-3)`, `(10%) + 1`.
///
/// # Examples
/// ```
/// use tailcast::formula::{Dialect, parse};
/// let text = "100 + 10% + 10%";
/// assert_eq!(parse(text, Dialect::Sane)?.s_expression(), "(+ (+ 100 (% 10)) (% 10))");
/// assert_eq!(parse(text, Dialect::Guesstimate)?.s_expression(), "(+ 100 (mod 10 (% (+ 10))))");
/// # Ok::<(), tailcast::formula::FormulaError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dialect {
    /// `%` before a sign, a word operator or a line end is a percentage.
    #[default]
    Sane,
    /// Exactly what Guesstimate reads.
    Guesstimate,
}
