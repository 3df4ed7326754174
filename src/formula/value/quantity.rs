//! Numbers with a unit: reading, arithmetic and conversion.
//!
//! A value is kept in SI units; what cancels to no unit becomes a plain number. Units of temperature with an offset
//! (`degC`) apply it only when they stand alone, as physics has it. It does not look for a pleasing prefix.

use super::unit::{Dimensions, UnitName, find_unit};
use super::{EvaluateErrorKind, Value, format_number_digits};

/// A number with a unit, or a unit alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Value in SI units; `None` for a unit alone.
    value: Option<f64>,
    /// The units as written, each with its power.
    units: Vec<(UnitName, f64)>,
}

const NEGLIGIBLE: f64 = 1e-12;

impl Quantity {
    /// The unit of that name, without a number.
    #[must_use]
    pub fn unit(name: &str) -> Option<Self> {
        Some(Self { value: None, units: vec![(find_unit(name)?, 1.0)] })
    }

    /// Reads `5 cm`, `kg m^2 / s^2`, `J K^-1`.
    ///
    /// # Errors
    /// [`EvaluateErrorKind::NotUnit`] when the text is no number with a unit.
    pub fn parse(text: &str) -> Result<Self, EvaluateErrorKind> {
        let refused = || EvaluateErrorKind::NotUnit { text: text.to_owned() };
        let mut rest = text.trim();
        let number = leading_number(rest);
        rest = rest[number.len()..].trim_start();
        let mut units = Vec::new();
        let mut sign = 1.0;
        let mut expecting = false;
        loop {
            if let Some(after) = rest.strip_prefix('*') {
                (rest, sign, expecting) = (after.trim_start(), 1.0, true);
            } else if let Some(after) = rest.strip_prefix('/') {
                (rest, sign, expecting) = (after.trim_start(), -1.0, true);
            }
            if rest.is_empty() {
                break;
            }
            let name = &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len())];
            let unit = find_unit(name).ok_or_else(refused)?;
            rest = rest[name.len()..].trim_start();
            let mut power = 1.0;
            if let Some(after) = rest.strip_prefix('^') {
                let exponent = leading_number(after.trim_start());
                power = exponent.parse().map_err(|_| refused())?;
                rest = after.trim_start()[exponent.len()..].trim_start();
            }
            units.push((unit, sign * power));
            (sign, expecting) = (1.0, false);
        }
        if units.is_empty() || expecting {
            return Err(refused());
        }
        let quantity = Self { value: None, units };
        match number.parse::<f64>() {
            Ok(number) => Ok(quantity.with_number(number)),
            Err(_) if number.is_empty() => Ok(quantity),
            Err(_) => Err(refused()),
        }
    }

    /// The same unit with that number before it.
    #[must_use]
    pub fn with_number(&self, number: f64) -> Self {
        Self { value: Some(self.normalize(number)), units: self.units.clone() }
    }

    /// Value in SI units; that of one of the unit when it stands alone.
    #[must_use]
    pub fn si_value(&self) -> f64 {
        self.value.unwrap_or_else(|| self.normalize(1.0))
    }

    /// Whether it is a unit without a number.
    #[must_use]
    pub const fn is_bare(&self) -> bool {
        self.value.is_none()
    }

    /// The number before its own unit; `None` for a unit alone.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        self.value.map(|value| self.denormalize(value))
    }

    /// The unit that carries an offset, when it stands alone.
    fn single(&self) -> Option<&UnitName> {
        match &self.units[..] {
            [(unit, power)] if (power - 1.0).abs() <= 1e-15 => Some(unit),
            _ => None,
        }
    }

    fn normalize(&self, number: f64) -> f64 {
        match self.single() {
            Some(unit) if unit.offset == 0.0 => number * (unit.value * unit.prefix),
            Some(unit) => (number * unit.prefix + unit.offset) * unit.value,
            None => {
                self.units.iter().fold(number, |value, (unit, power)| value * (unit.value * unit.prefix).powf(*power))
            }
        }
    }

    fn denormalize(&self, value: f64) -> f64 {
        match self.single() {
            Some(unit) if unit.offset == 0.0 => value / unit.value / unit.prefix,
            Some(unit) => (value / unit.value - unit.offset) / unit.prefix,
            None => {
                self.units.iter().fold(value, |value, (unit, power)| value / (unit.value * unit.prefix).powf(*power))
            }
        }
    }

    fn dimensions(&self) -> [f64; 9] {
        let mut sum = [0.0; 9];
        for (unit, power) in &self.units {
            let dimensions: &Dimensions = &unit.dimensions;
            for (total, &dimension) in sum.iter_mut().zip(dimensions) {
                *total += f64::from(dimension) * power;
            }
        }
        sum
    }

    /// Whether it measures the same thing as `other`.
    #[must_use]
    pub fn same_dimensions(&self, other: &Self) -> bool {
        self.dimensions().iter().zip(other.dimensions()).all(|(a, b)| (a - b).abs() <= NEGLIGIBLE)
    }

    /// Whether it is an angle.
    #[must_use]
    pub fn is_angle(&self) -> bool {
        Self::unit("rad").is_some_and(|radian| self.same_dimensions(&radian))
    }

    /// A plain number when the units cancel, otherwise the quantity.
    fn simplify(self) -> Value {
        match self.value {
            Some(value) if self.dimensions().iter().all(|power| power.abs() <= NEGLIGIBLE) => Value::Number(value),
            _ => self.into(),
        }
    }

    /// Its units together with those of `other` to the power of `sign`; what cancels is left out.
    fn joined(&self, other: &Self, sign: f64) -> Vec<(UnitName, f64)> {
        let mut units = self.units.clone();
        for (unit, power) in &other.units {
            match units.iter_mut().find(|(known, _)| known == unit) {
                Some((_, total)) => *total += sign * power,
                None => units.push((unit.clone(), sign * power)),
            }
        }
        units.retain(|(_, power)| *power != 0.0);
        units
    }

    /// Product with another quantity.
    #[must_use]
    pub fn multiply(&self, other: &Self) -> Value {
        let bare = self.is_bare() && other.is_bare();
        let units = self.joined(other, 1.0);
        Self { value: (!bare).then(|| self.si_value() * other.si_value()), units }.simplify()
    }

    /// Quotient with another quantity.
    #[must_use]
    pub fn divide(&self, other: &Self) -> Value {
        let bare = self.is_bare() && other.is_bare();
        let units = self.joined(other, -1.0);
        Self { value: (!bare).then(|| self.si_value() / other.si_value()), units }.simplify()
    }

    /// Product with a number.
    #[must_use]
    pub fn scale(&self, factor: f64) -> Self {
        match self.value {
            None => self.with_number(factor),
            Some(value) => Self { value: Some(value * factor), units: self.units.clone() },
        }
    }

    /// A number divided by it.
    #[must_use]
    pub fn divide_into(&self, number: f64) -> Value {
        let units = self.units.iter().map(|(unit, power)| (unit.clone(), -power)).collect();
        Self { value: Some(number / self.si_value()), units }.simplify()
    }

    /// Power with a real exponent.
    #[must_use]
    pub fn power(&self, exponent: f64) -> Value {
        let units = self.units.iter().map(|(unit, power)| (unit.clone(), power * exponent)).collect();
        Self { value: self.value.map(|value| value.powf(exponent)), units }.simplify()
    }

    /// Applies a function to the value in SI units, when there is one.
    #[must_use]
    pub fn map(&self, function: impl Fn(f64) -> f64) -> Self {
        Self { value: self.value.map(function), units: self.units.clone() }
    }

    /// Combines the values of two quantities of the same dimensions, in the unit of the first.
    ///
    /// # Errors
    /// - [`EvaluateErrorKind::UnitMismatch`] when the dimensions differ.
    /// - [`EvaluateErrorKind::UnitWithoutNumber`] when one is a unit alone.
    pub fn combine(&self, other: &Self, function: impl Fn(f64, f64) -> f64) -> Result<Self, EvaluateErrorKind> {
        if !self.same_dimensions(other) {
            return Err(self.mismatch(other));
        }
        match (self.value, other.value) {
            (Some(left), Some(right)) => Ok(Self { value: Some(function(left, right)), units: self.units.clone() }),
            _ => Err(EvaluateErrorKind::UnitWithoutNumber),
        }
    }

    /// The error that two quantities of different dimensions make.
    #[must_use]
    pub fn mismatch(&self, other: &Self) -> EvaluateErrorKind {
        EvaluateErrorKind::UnitMismatch { left: self.unit_text(), right: other.unit_text() }
    }

    /// The same quantity in the unit `target`.
    ///
    /// # Errors
    /// - [`EvaluateErrorKind::UnitMismatch`] when the dimensions differ.
    /// - [`EvaluateErrorKind::NotUnit`] when `target` has a number.
    pub fn to(&self, target: &Self) -> Result<Self, EvaluateErrorKind> {
        if !self.same_dimensions(target) {
            return Err(self.mismatch(target));
        }
        if !target.is_bare() {
            return Err(EvaluateErrorKind::NotUnit { text: target.text(usize::MAX) });
        }
        Ok(Self { value: Some(self.si_value()), units: target.units.clone() })
    }

    /// The units as text, such as `kg m / s^2`.
    fn unit_text(&self) -> String {
        let part = |(unit, power): &(UnitName, f64), magnitude: f64| {
            if (magnitude - 1.0).abs() < 1e-15 && *power != -1.0 || magnitude == 1.0 {
                unit.name.clone()
            } else {
                format!("{}^{}", unit.name, format_number_digits(magnitude, usize::MAX))
            }
        };
        let top: Vec<String> = self.units.iter().filter(|unit| unit.1 > 0.0).map(|unit| part(unit, unit.1)).collect();
        let divides = !top.is_empty();
        let bottom: Vec<String> = self
            .units
            .iter()
            .filter(|unit| unit.1 < 0.0)
            .map(|unit| part(unit, if divides { -unit.1 } else { unit.1 }))
            .collect();
        match (divides, bottom.len()) {
            (_, 0) => top.join(" "),
            (false, _) => bottom.join(" "),
            (true, 1) => format!("{} / {}", top.join(" "), bottom[0]),
            (true, _) => format!("{} / ({})", top.join(" "), bottom.join(" ")),
        }
    }

    /// Text such as `5 cm`, the number rounded to `precision` significant digits.
    #[must_use]
    pub fn text(&self, precision: usize) -> String {
        match self.number() {
            Some(number) => format!("{} {}", format_number_digits(number, precision), self.unit_text()),
            None => self.unit_text(),
        }
    }
}

/// The longest prefix of `text` that looks like a number; an `e` without an exponent belongs to the unit.
fn leading_number(text: &str) -> &str {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let start = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let mut end = digits(start);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if end == start {
        return "";
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    #[test]
    fn units_that_cancel_leave_a_number() {
        assert_eq!(quantity("1 m").divide(&quantity("1 cm")), Value::Number(100.0));
        assert_eq!(quantity("2 weeks").divide(&quantity("1 day")), Value::Number(14.0));
        assert_eq!(quantity("5 Hz").multiply(&quantity("2 s")), Value::Number(10.0));
    }

    #[test]
    fn temperatures_have_an_offset_when_they_stand_alone() {
        let kelvin = Quantity::unit("degC").unwrap().scale(5.0).to(&quantity("K")).unwrap();
        assert_eq!(kelvin.text(usize::MAX), "278.15 K");
        assert_eq!(quantity("1 J / degC").text(usize::MAX), "1 J / degC");
    }

    #[test]
    fn an_angle_in_degrees_has_the_last_bits_of_the_language() {
        assert_eq!(Quantity::unit("deg").unwrap().scale(30.0).text(usize::MAX), "29.999999999999996 deg");
    }

    #[test]
    fn different_dimensions_do_not_combine() {
        let result = quantity("5 cm").combine(&quantity("3 s"), |a, b| a + b);
        assert_eq!(result, Err(EvaluateErrorKind::UnitMismatch { left: "cm".into(), right: "s".into() }));
    }

    #[test]
    fn text_that_is_no_quantity_is_refused() {
        for text in ["", "5", "cm /", "5 xyz", "m^", "5 cm €"] {
            assert!(Quantity::parse(text).is_err(), "{text}");
        }
        assert_eq!(quantity("9.8 m s^-2").text(usize::MAX), "9.8 m / s^2");
    }
}
