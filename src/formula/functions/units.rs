//! Making quantities and converting them.

use super::{Apply, Family, FunctionInfo};
use crate::formula::interpreter::{EvaluateErrorKind, Evaluated, Interpreter, convert, real_of, unexpected};
use crate::formula::value::{Quantity, Value};

const fn entry(
    name: &'static str,
    signatures: &'static [&'static str],
    arity: (usize, usize),
    help: &'static str,
    example: (&'static str, &'static str),
    apply: fn(&mut Interpreter<'_>, &[Value]) -> Evaluated,
) -> FunctionInfo {
    FunctionInfo::new(Family::Unit, name, signatures, arity, help, example, Apply::General(apply))
}

pub(super) const FUNCTIONS: &[FunctionInfo] = &[
    entry(
        "to",
        &["to(quantity, unit)"],
        (2, 2),
        "The quantity in another unit.",
        ("to(5 cm, m)", "0.05 m"),
        |_, arguments| convert(&arguments[0], &arguments[1]),
    ),
    entry(
        "unit",
        &["unit(text)", "unit(number, unit)"],
        (1, 2),
        "A quantity.",
        ("unit(5, \"cm\")", "5 cm"),
        |_, arguments| match arguments {
            [Value::Text(text)] => Ok(Quantity::parse(text)?.into()),
            [quantity @ Value::Quantity(_)] => Ok(quantity.clone()),
            [number, Value::Text(text)] => {
                let unit = Quantity::parse(text)?;
                Ok(bare(&unit)?.with_number(real_of("unit", number)?).into())
            }
            [number, Value::Quantity(unit)] => Ok(bare(unit)?.with_number(real_of("unit", number)?).into()),
            [.., other] => Err(unexpected("unit", other)),
            [] => Err(unexpected("unit", &Value::Undefined)),
        },
    ),
];

fn bare(unit: &Quantity) -> Result<&Quantity, EvaluateErrorKind> {
    if unit.is_bare() { Ok(unit) } else { Err(EvaluateErrorKind::NotUnit { text: unit.text(usize::MAX) }) }
}
