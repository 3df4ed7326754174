//! The units of measurement that formulas know, with their prefixes.
//!
//! Data alone: what is done with them stands in [`super::quantity`]. Models have their own time unit
//! ([`crate::units`]); these units exist so that `5 cm / 1 m` is 0.05 and `5 ms` is refused with a reason.

use std::f64::consts::PI;

/// Powers of mass, length, time, current, temperature, luminous intensity, amount of substance, angle and information.
pub(super) type Dimensions = [i8; 9];

/// Which prefixes a unit takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prefixes {
    None,
    /// `k`, `M`, …
    Short,
    /// `kilo`, `mega`, …
    Long,
    /// Both.
    ShortLong,
    /// `k`, `Ki`, …
    BinaryShort,
    /// `kilo`, `kibi`, …
    BinaryLong,
    /// `k`, `M`, …, squared.
    Squared,
    /// `k`, `M`, …, cubed.
    Cubic,
    /// `MM`: a million.
    Million,
}

/// Names of one unit, the prefixes it takes, its value in SI units, and the offset of its zero.
struct Unit(&'static [&'static str], Prefixes, f64, f64);

use Prefixes::{BinaryLong, BinaryShort, Cubic, Long, Million, None as Bare, Short, ShortLong, Squared};

/// Prefixes in decimal steps: short name, long name, power of ten.
const DECIMAL: &[(&str, &str, i32)] = &[
    ("da", "deca", 1),
    ("h", "hecto", 2),
    ("k", "kilo", 3),
    ("M", "mega", 6),
    ("G", "giga", 9),
    ("T", "tera", 12),
    ("P", "peta", 15),
    ("E", "exa", 18),
    ("Z", "zetta", 21),
    ("Y", "yotta", 24),
    ("R", "ronna", 27),
    ("Q", "quetta", 30),
    ("d", "deci", -1),
    ("c", "centi", -2),
    ("m", "milli", -3),
    ("u", "micro", -6),
    ("n", "nano", -9),
    ("p", "pico", -12),
    ("f", "femto", -15),
    ("a", "atto", -18),
    ("z", "zepto", -21),
    ("y", "yocto", -24),
    ("r", "ronto", -27),
    ("q", "quecto", -30),
];

/// Prefixes in steps of 1024: short name, long name, power of 1024.
const BINARY: &[(&str, &str, i32)] = &[
    ("Ki", "kibi", 1),
    ("Mi", "mebi", 2),
    ("Gi", "gibi", 3),
    ("Ti", "tebi", 4),
    ("Pi", "pebi", 5),
    ("Ei", "exi", 6),
    ("Zi", "zebi", 7),
    ("Yi", "yobi", 8),
];

/// The units, by dimension. Lengths in metres, masses in kilograms, and so on.
const UNITS: &[(Dimensions, &[Unit])] = &[
    (
        [0, 1, 0, 0, 0, 0, 0, 0, 0],
        &[
            Unit(&["meter", "meters", "metre", "metres"], Long, 1.0, 0.0),
            Unit(&["inch", "inches", "in"], Bare, 0.0254, 0.0),
            Unit(&["foot", "feet", "ft"], Bare, 0.3048, 0.0),
            Unit(&["yard", "yards", "yd"], Bare, 0.9144, 0.0),
            Unit(&["mile", "miles", "mi"], Bare, 1609.344, 0.0),
            Unit(&["link", "links", "li"], Bare, 0.201_168, 0.0),
            Unit(&["rod", "rods"], Bare, 5.0292, 0.0),
            Unit(&["rd"], Bare, 5.029_21, 0.0),
            Unit(&["chain", "chains", "ch"], Bare, 20.1168, 0.0),
            Unit(&["angstrom", "angstroms"], Bare, 1e-10, 0.0),
            Unit(&["m"], Short, 1.0, 0.0),
            Unit(&["mil"], Bare, 0.000_025_4, 0.0),
        ],
    ),
    (
        [0, 2, 0, 0, 0, 0, 0, 0, 0],
        &[
            Unit(&["m2"], Squared, 1.0, 0.0),
            Unit(&["sqin"], Bare, 0.000_645_16, 0.0),
            Unit(&["sqft", "sqfeet"], Bare, 0.092_903_04, 0.0),
            Unit(&["sqyd", "sqyard"], Bare, 0.836_127_36, 0.0),
            Unit(&["sqmi", "sqmile", "sqmiles"], Bare, 2_589_988.110_336, 0.0),
            Unit(&["sqrd"], Bare, 25.292_95, 0.0),
            Unit(&["sqch"], Bare, 404.6873, 0.0),
            Unit(&["sqmil"], Bare, 6.4516e-10, 0.0),
            Unit(&["acre", "acres"], Bare, 4046.86, 0.0),
            Unit(&["hectare", "hectares"], Bare, 10_000.0, 0.0),
        ],
    ),
    (
        [0, 3, 0, 0, 0, 0, 0, 0, 0],
        &[
            Unit(&["m3"], Cubic, 1.0, 0.0),
            Unit(&["L", "l", "lt"], Short, 0.001, 0.0),
            Unit(&["litre", "litres", "liter", "liters"], Long, 0.001, 0.0),
            Unit(&["cuin"], Bare, 1.638_706_4e-5, 0.0),
            Unit(&["cuft"], Bare, 0.028_316_846_592, 0.0),
            Unit(&["cuyd"], Bare, 0.764_554_857_984, 0.0),
            Unit(&["teaspoon", "teaspoons"], Bare, 0.000_005, 0.0),
            Unit(&["tablespoon", "tablespoons"], Bare, 0.000_015, 0.0),
            Unit(&["drop", "gtt", "gtts"], Bare, 5e-8, 0.0),
            Unit(&["minim", "minims"], Bare, 6.161_152e-8, 0.0),
            Unit(&["fluiddram", "fluiddrams", "fldr"], Bare, 3.696_691_1e-6, 0.0),
            Unit(&["fluidounce", "fluidounces", "floz"], Bare, 2.957_353e-5, 0.0),
            Unit(&["gill", "gills", "gi"], Bare, 1.182_941e-4, 0.0),
            Unit(&["cc"], Bare, 1e-6, 0.0),
            Unit(&["cup", "cups", "cp"], Bare, 2.365_882e-4, 0.0),
            Unit(&["pint", "pints", "pt"], Bare, 4.731_765e-4, 0.0),
            Unit(&["quart", "quarts", "qt"], Bare, 9.463_529e-4, 0.0),
            Unit(&["gallon", "gallons", "gal"], Bare, 3.785_412e-3, 0.0),
            Unit(&["beerbarrel", "beerbarrels", "bbl"], Bare, 0.117_347_8, 0.0),
            Unit(&["oilbarrel", "oilbarrels", "obl"], Bare, 0.158_987_3, 0.0),
            Unit(&["hogshead", "hogsheads"], Bare, 0.238_481, 0.0),
        ],
    ),
    (
        [1, 0, 0, 0, 0, 0, 0, 0, 0],
        &[
            Unit(&["g"], Short, 0.001, 0.0),
            Unit(&["gram", "grams"], Long, 0.001, 0.0),
            Unit(&["ton", "tons"], Short, 907.184_74, 0.0),
            Unit(&["tonne", "tonnes"], Long, 1000.0, 0.0),
            Unit(&["grain", "grains", "gr"], Bare, 64.798_91e-6, 0.0),
            Unit(&["dram", "drams", "dr"], Bare, 1.771_845_195_312_5e-3, 0.0),
            Unit(&["ounce", "ounces", "oz"], Bare, 28.349_523_125e-3, 0.0),
            Unit(&["poundmass", "poundmasses", "lbm", "lb", "lbs"], Bare, 453.592_37e-3, 0.0),
            Unit(&["hundredweight", "hundredweights", "cwt"], Bare, 45.359_237, 0.0),
            Unit(&["stick", "sticks"], Bare, 0.115, 0.0),
            Unit(&["stone"], Bare, 6.350_293_18, 0.0),
        ],
    ),
    (
        [0, 0, 1, 0, 0, 0, 0, 0, 0],
        &[
            Unit(&["s"], Short, 1.0, 0.0),
            Unit(&["second", "seconds", "sec", "secs"], Long, 1.0, 0.0),
            Unit(&["min", "minute", "minutes", "mins"], Bare, 60.0, 0.0),
            Unit(&["h", "hour", "hours", "hr", "hrs"], Bare, 3600.0, 0.0),
            Unit(&["day", "days"], Bare, 86_400.0, 0.0),
            Unit(&["week", "weeks"], Bare, 604_800.0, 0.0),
            Unit(&["month", "months"], Bare, 2_629_800.0, 0.0),
            Unit(&["year", "years"], Bare, 31_557_600.0, 0.0),
            Unit(&["decade", "decades"], Bare, 315_576_000.0, 0.0),
            Unit(&["century", "centuries"], Bare, 3_155_760_000.0, 0.0),
            Unit(&["millennium", "millennia"], Bare, 31_557_600_000.0, 0.0),
        ],
    ),
    ([0, 0, -1, 0, 0, 0, 0, 0, 0], &[Unit(&["hertz"], Long, 1.0, 0.0), Unit(&["Hz"], Short, 1.0, 0.0)]),
    (
        [0, 0, 0, 0, 0, 0, 0, 1, 0],
        &[
            Unit(&["rad"], Short, 1.0, 0.0),
            Unit(&["radian", "radians"], Long, 1.0, 0.0),
            Unit(&["deg"], Short, PI / 180.0, 0.0),
            Unit(&["degree", "degrees"], Long, PI / 180.0, 0.0),
            Unit(&["grad"], Short, PI / 200.0, 0.0),
            Unit(&["gradian", "gradians"], Long, PI / 200.0, 0.0),
            Unit(&["cycle", "cycles"], Bare, PI * 2.0, 0.0),
            Unit(&["arcsec", "arcsecond", "arcseconds"], Bare, PI / 648_000.0, 0.0),
            Unit(&["arcmin", "arcminute", "arcminutes"], Bare, PI / 10_800.0, 0.0),
        ],
    ),
    ([0, 0, 0, 1, 0, 0, 0, 0, 0], &[Unit(&["A"], Short, 1.0, 0.0), Unit(&["ampere", "amperes"], Long, 1.0, 0.0)]),
    (
        [0, 0, 0, 0, 1, 0, 0, 0, 0],
        &[
            Unit(&["K"], Short, 1.0, 0.0),
            Unit(&["degC"], Short, 1.0, 273.15),
            Unit(&["degF"], Short, 1.0 / 1.8, 459.67),
            Unit(&["degR"], Short, 1.0 / 1.8, 0.0),
            Unit(&["kelvin"], Long, 1.0, 0.0),
            Unit(&["celsius"], Long, 1.0, 273.15),
            Unit(&["fahrenheit"], Long, 1.0 / 1.8, 459.67),
            Unit(&["rankine"], Long, 1.0 / 1.8, 0.0),
        ],
    ),
    ([0, 0, 0, 0, 0, 0, 1, 0, 0], &[Unit(&["mol"], Short, 1.0, 0.0), Unit(&["mole", "moles"], Long, 1.0, 0.0)]),
    ([0, 0, 0, 0, 0, 1, 0, 0, 0], &[Unit(&["cd"], Short, 1.0, 0.0), Unit(&["candela"], Long, 1.0, 0.0)]),
    (
        [1, 1, -2, 0, 0, 0, 0, 0, 0],
        &[
            Unit(&["N"], Short, 1.0, 0.0),
            Unit(&["newton", "newtons"], Long, 1.0, 0.0),
            Unit(&["dyn"], Short, 1e-5, 0.0),
            Unit(&["dyne", "dynes"], Long, 1e-5, 0.0),
            Unit(&["lbf", "poundforce"], Bare, 4.448_221_615_260_5, 0.0),
            Unit(&["kip", "kips"], Long, 4448.2216, 0.0),
        ],
    ),
    (
        [1, 2, -2, 0, 0, 0, 0, 0, 0],
        &[
            Unit(&["J"], Short, 1.0, 0.0),
            Unit(&["joule", "joules"], Long, 1.0, 0.0),
            Unit(&["erg"], ShortLong, 1e-7, 0.0),
            Unit(&["Wh"], Short, 3600.0, 0.0),
            Unit(&["BTU", "BTUs"], Million, 1_055.055_852_62, 0.0),
            Unit(&["eV"], Short, 1.602_176_565e-19, 0.0),
            Unit(&["electronvolt", "electronvolts"], Long, 1.602_176_565e-19, 0.0),
        ],
    ),
    (
        [1, 2, -3, 0, 0, 0, 0, 0, 0],
        &[
            Unit(&["W"], Short, 1.0, 0.0),
            Unit(&["watt", "watts"], Long, 1.0, 0.0),
            Unit(&["hp"], Bare, 745.699_871_538_6, 0.0),
            Unit(&["VA", "VAR"], Short, 1.0, 0.0),
        ],
    ),
    (
        [1, -1, -2, 0, 0, 0, 0, 0, 0],
        &[
            Unit(&["Pa"], Short, 1.0, 0.0),
            Unit(&["psi"], Bare, 6_894.757_292_764_59, 0.0),
            Unit(&["atm"], Bare, 101_325.0, 0.0),
            Unit(&["bar"], ShortLong, 100_000.0, 0.0),
            Unit(&["torr"], Long, 133.322, 0.0),
            Unit(&["mmHg", "mmhg"], Bare, 133.322, 0.0),
            Unit(&["mmH2O", "mmh2o"], Bare, 9.806_65, 0.0),
            Unit(&["cmH2O", "cmh2o"], Bare, 98.0665, 0.0),
        ],
    ),
    ([0, 0, 1, 1, 0, 0, 0, 0, 0], &[Unit(&["coulomb", "coulombs"], Long, 1.0, 0.0), Unit(&["C"], Short, 1.0, 0.0)]),
    ([-1, -2, 4, 2, 0, 0, 0, 0, 0], &[Unit(&["farad", "farads"], Long, 1.0, 0.0), Unit(&["F"], Short, 1.0, 0.0)]),
    ([1, 2, -3, -1, 0, 0, 0, 0, 0], &[Unit(&["volt", "volts"], Long, 1.0, 0.0), Unit(&["V"], Short, 1.0, 0.0)]),
    ([1, 2, -3, -2, 0, 0, 0, 0, 0], &[Unit(&["ohm", "ohms"], ShortLong, 1.0, 0.0)]),
    ([1, 2, -2, -2, 0, 0, 0, 0, 0], &[Unit(&["henry"], Long, 1.0, 0.0), Unit(&["H"], Short, 1.0, 0.0)]),
    ([-1, -2, 3, 2, 0, 0, 0, 0, 0], &[Unit(&["siemens"], Long, 1.0, 0.0), Unit(&["S"], Short, 1.0, 0.0)]),
    ([1, 2, -2, -1, 0, 0, 0, 0, 0], &[Unit(&["weber", "webers"], Long, 1.0, 0.0), Unit(&["Wb"], Short, 1.0, 0.0)]),
    ([1, 0, -2, -1, 0, 0, 0, 0, 0], &[Unit(&["tesla", "teslas"], Long, 1.0, 0.0), Unit(&["T"], Short, 1.0, 0.0)]),
    (
        [0, 0, 0, 0, 0, 0, 0, 0, 1],
        &[
            Unit(&["b"], BinaryShort, 1.0, 0.0),
            Unit(&["bits", "bit"], BinaryLong, 1.0, 0.0),
            Unit(&["B"], BinaryShort, 8.0, 0.0),
            Unit(&["bytes", "byte"], BinaryLong, 8.0, 0.0),
        ],
    ),
    ([0, 0, -1, 0, 0, 0, 1, 0, 0], &[Unit(&["katal"], Long, 1.0, 0.0), Unit(&["kat"], Short, 1.0, 0.0)]),
];

/// A unit as it was named, prefix included.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitName {
    /// The name as written, such as `cm`.
    pub name: String,
    /// Value of one of it in SI units, without the prefix.
    pub value: f64,
    /// Factor of the prefix.
    pub prefix: f64,
    /// Offset of its zero, in its own size.
    pub offset: f64,
    /// Powers of the base dimensions.
    pub(super) dimensions: Dimensions,
}

fn prefix_factor(prefixes: Prefixes, prefix: &str) -> Option<f64> {
    let short = |prefix: &str| DECIMAL.iter().find(|entry| entry.0 == prefix).map(|entry| entry.2);
    let long = |prefix: &str| DECIMAL.iter().find(|entry| entry.1 == prefix).map(|entry| entry.2);
    // Read as decimal text, so that a factor is the nearest f64 to its power of ten.
    let factor = |power: i32| format!("1e{power}").parse::<f64>().ok();
    if prefix.is_empty() {
        return Some(1.0);
    }
    match prefixes {
        Prefixes::None => None,
        Prefixes::Short => factor(short(prefix)?),
        Prefixes::Long => factor(long(prefix)?),
        Prefixes::ShortLong => factor(short(prefix).or_else(|| long(prefix))?),
        Prefixes::Squared => factor(2 * short(prefix)?),
        Prefixes::Cubic => factor(3 * short(prefix)?),
        Prefixes::Million => (prefix == "MM").then_some(1e6),
        Prefixes::BinaryShort | Prefixes::BinaryLong => {
            let is_long = prefixes == Prefixes::BinaryLong;
            let binary = BINARY.iter().find(|entry| prefix == if is_long { entry.1 } else { entry.0 });
            if let Some(entry) = binary {
                return Some(1024_f64.powi(entry.2));
            }
            let power = if is_long { long(prefix) } else { short(prefix) };
            factor(power.filter(|&power| power >= 3)?)
        }
    }
}

/// The unit of that name, with a prefix or without.
///
/// # Examples
/// ```
/// use tailcast::formula::value::find_unit;
/// assert_eq!(find_unit("cm").map(|unit| unit.prefix * unit.value), Some(0.01));
/// assert!(find_unit("xyz").is_none());
/// ```
#[must_use]
pub fn find_unit(name: &str) -> Option<UnitName> {
    let all = || UNITS.iter().flat_map(|(dimensions, units)| units.iter().map(move |unit| (*dimensions, unit)));
    let found = |dimensions: Dimensions, unit: &Unit, prefix: f64| UnitName {
        name: name.to_owned(),
        value: unit.2,
        prefix,
        offset: unit.3,
        dimensions,
    };
    if let Some((dimensions, unit)) = all().find(|(_, unit)| unit.0.contains(&name)) {
        return Some(found(dimensions, unit, 1.0));
    }
    all().find_map(|(dimensions, unit)| {
        let prefix = unit.0.iter().find_map(|suffix| prefix_factor(unit.1, name.strip_suffix(suffix)?));
        prefix.map(|prefix| found(dimensions, unit, prefix))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_take_their_own_prefixes_only() {
        for known in
            ["m", "km", "kilometer", "ms", "KiB", "kB", "mebibits", "mm2", "MMBTU", "hours", "T", "Mohm", "megaohm"]
        {
            assert!(find_unit(known).is_some(), "{known}");
        }
        for unknown in ["M", "k", "d", "c", "AB", "n", "kinch", "mb2", "kilom", "x"] {
            assert!(find_unit(unknown).is_none(), "{unknown}");
        }
    }

    #[test]
    fn prefixes_of_squares_are_squared() {
        assert_eq!(find_unit("mm2").unwrap().prefix, 1e-6);
        assert_eq!(find_unit("cm3").unwrap().prefix, 1e-6);
    }
}
