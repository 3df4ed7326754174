//! Constants: of mathematics, and of physics with their units.
//!
//! The values of physics are those of CODATA 2018, as mathjs has them.

use std::collections::BTreeMap;
use std::f64::consts;
use std::sync::LazyLock;

use crate::formula::value::{Complex, Quantity, Value};

/// A constant of the formula language.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConstantInfo {
    /// Name, as it is written.
    pub name: &'static str,
    /// The number.
    pub number: f64,
    /// The unit; empty when it has none.
    pub unit: &'static str,
    /// What it is.
    pub help: &'static str,
}

const fn plain(name: &'static str, number: f64, help: &'static str) -> ConstantInfo {
    ConstantInfo { name, number, unit: "", help }
}

const fn physical(name: &'static str, number: f64, unit: &'static str, help: &'static str) -> ConstantInfo {
    ConstantInfo { name, number, unit, help }
}

/// All constants. `true`, `false`, `null`, `undefined`, `NaN` and `Infinity` are words of the language and not here.
pub const CONSTANTS: &[ConstantInfo] = &[
    plain("pi", consts::PI, "ratio of a circle's circumference to its diameter"),
    plain("PI", consts::PI, "the same; `PI(…)` called is the profitability index"),
    plain("tau", consts::TAU, "two pi"),
    plain("e", consts::E, "base of the natural logarithm"),
    plain("E", consts::E, "the same"),
    plain("phi", 1.618_033_988_749_895, "golden ratio"),
    plain("LN2", consts::LN_2, "natural logarithm of 2"),
    plain("LN10", consts::LN_10, "natural logarithm of 10"),
    plain("LOG2E", consts::LOG2_E, "logarithm of e to base 2"),
    plain("LOG10E", consts::LOG10_E, "logarithm of e to base 10"),
    plain("SQRT1_2", consts::FRAC_1_SQRT_2, "square root of one half"),
    plain("SQRT2", consts::SQRT_2, "square root of 2"),
    plain("i", 1.0, "imaginary unit"),
    plain("fineStructure", 7.297_352_569_3e-3, "fine-structure constant"),
    plain("weakMixingAngle", 0.2229, "weak mixing angle"),
    plain("efimovFactor", 22.7, "Efimov factor"),
    plain("sackurTetrode", -1.164_870_523_58, "Sackur-Tetrode constant"),
    physical("speedOfLight", 299_792_458.0, "m s^-1", "speed of light"),
    physical("gravitationConstant", 6.674_30e-11, "m^3 kg^-1 s^-2", "gravitation"),
    physical("planckConstant", 6.626_070_15e-34, "J s", "Planck constant"),
    physical("reducedPlanckConstant", 1.054_571_817_646_156_5e-34, "J s", "reduced Planck constant"),
    physical("magneticConstant", 1.256_637_062_12e-6, "N A^-2", "vacuum permeability"),
    physical("electricConstant", 8.854_187_812_8e-12, "F m^-1", "vacuum permittivity"),
    physical("vacuumImpedance", 376.730_313_667, "ohm", "impedance of the vacuum"),
    physical("coulombConstant", 8.987_551_792_261_171e9, "N m^2 C^-2", "Coulomb constant"),
    physical("elementaryCharge", 1.602_176_634e-19, "C", "charge of the proton"),
    physical("bohrMagneton", 9.274_010_078_3e-24, "J T^-1", "Bohr magneton"),
    physical("conductanceQuantum", 7.748_091_729_863_649e-5, "S", "conductance quantum"),
    physical("inverseConductanceQuantum", 12_906.403_729_652_257, "ohm", "inverse conductance quantum"),
    physical("magneticFluxQuantum", 2.067_833_848_461_929_5e-15, "Wb", "magnetic flux quantum"),
    physical("nuclearMagneton", 5.050_783_746_1e-27, "J T^-1", "nuclear magneton"),
    physical("klitzing", 25_812.807_459_304_513, "ohm", "von Klitzing constant"),
    physical("bohrRadius", 5.291_772_109_03e-11, "m", "Bohr radius"),
    physical("classicalElectronRadius", 2.817_940_326_2e-15, "m", "classical radius of the electron"),
    physical("electronMass", 9.109_383_701_5e-31, "kg", "mass of the electron"),
    physical("fermiCoupling", 1.166_378_7e-5, "GeV^-2", "Fermi coupling"),
    physical("hartreeEnergy", 4.359_744_722_207_1e-18, "J", "Hartree energy"),
    physical("protonMass", 1.672_621_923_69e-27, "kg", "mass of the proton"),
    physical("deuteronMass", 3.343_583_092_6e-27, "kg", "mass of the deuteron"),
    physical("neutronMass", 1.674_927_161_3e-27, "kg", "mass of the neutron"),
    physical("quantumOfCirculation", 3.636_947_551_6e-4, "m^2 s^-1", "quantum of circulation"),
    physical("rydberg", 10_973_731.568_16, "m^-1", "Rydberg constant"),
    physical("thomsonCrossSection", 6.652_458_732_1e-29, "m^2", "Thomson cross section"),
    physical("atomicMass", 1.660_539_066_6e-27, "kg", "atomic mass unit"),
    physical("avogadro", 6.022_140_76e23, "mol^-1", "Avogadro constant"),
    physical("boltzmann", 1.380_649e-23, "J K^-1", "Boltzmann constant"),
    physical("faraday", 96_485.332_123_310_01, "C mol^-1", "Faraday constant"),
    physical("firstRadiation", 3.741_771_852_192_757_3e-16, "W m^2", "first radiation constant"),
    physical("loschmidt", 2.686_780_111_798_444e25, "m^-3", "Loschmidt constant"),
    physical("gasConstant", 8.314_462_618_153_24, "J K^-1 mol^-1", "gas constant"),
    physical("molarPlanckConstant", 3.990_312_712_893_431e-10, "J s mol^-1", "molar Planck constant"),
    physical("molarVolume", 0.022_413_969_545_014_137, "m^3 mol^-1", "molar volume of an ideal gas"),
    physical("secondRadiation", 0.014_387_768_775_039_337, "m K", "second radiation constant"),
    physical("stefanBoltzmann", 5.670_374_419_184_43e-8, "W m^-2 K^-4", "Stefan-Boltzmann constant"),
    physical("wienDisplacement", 2.897_771_955e-3, "m K", "Wien displacement constant"),
    physical("molarMass", 0.999_999_999_65e-3, "kg mol^-1", "molar mass constant"),
    physical("molarMassC12", 11.999_999_995_8e-3, "kg mol^-1", "molar mass of carbon-12"),
    physical("gravity", 9.806_65, "m s^-2", "standard gravity"),
    physical("planckLength", 1.616_255e-35, "m", "Planck length"),
    physical("planckMass", 2.176_435e-8, "kg", "Planck mass"),
    physical("planckTime", 5.391_245e-44, "s", "Planck time"),
    physical("planckCharge", 1.875_546_037_78e-18, "C", "Planck charge"),
    physical("planckTemperature", 1.416_785e32, "K", "Planck temperature"),
];

static BY_NAME: LazyLock<BTreeMap<&'static str, &'static ConstantInfo>> =
    LazyLock::new(|| CONSTANTS.iter().map(|constant| (constant.name, constant)).collect());

/// The constant of that name.
///
/// # Examples
/// ```
/// use tailcast::formula::functions::constant;
/// assert_eq!(constant("tau").map(|constant| constant.number), Some(std::f64::consts::TAU));
/// ```
#[must_use]
pub fn constant(name: &str) -> Option<&'static ConstantInfo> {
    BY_NAME.get(name).copied()
}

impl ConstantInfo {
    /// The constant as a value.
    #[must_use]
    pub fn value(&self) -> Value {
        match Quantity::parse(self.unit) {
            Ok(unit) => unit.with_number(self.number).into(),
            Err(_) if self.name == "i" => Value::Complex(Complex::new(0.0, 1.0)),
            Err(_) => Value::Number(self.number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_of_a_constant_is_known() {
        for constant in CONSTANTS.iter().filter(|constant| !constant.unit.is_empty()) {
            assert!(matches!(constant.value(), Value::Quantity(_)), "{}", constant.name);
        }
    }

    #[test]
    fn the_imaginary_unit_is_complex() {
        assert_eq!(constant("i").unwrap().value(), Value::Complex(Complex::new(0.0, 1.0)));
    }
}
