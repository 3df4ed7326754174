//! Names of services and operations made into names of metrics: identifiers that formulas can hold, each used once,
//! none of them a word of the formula language.

use std::collections::BTreeSet;

/// Words of the formula language, and names that read as readable ids or as one-letter locals, which no metric takes.
const RESERVED: &[&str] = &[
    "abs",
    "and",
    "arg",
    "beta",
    "binomial",
    "bit",
    "byte",
    "cauchy",
    "ceil",
    "chisquare",
    "column",
    "complex",
    "concat",
    "count",
    "day",
    "deg",
    "det",
    "diag",
    "diff",
    "distance",
    "dot",
    "end",
    "equal",
    "erf",
    "evaluate",
    "exp",
    "exponential",
    "factorial",
    "false",
    "filter",
    "fix",
    "floor",
    "foot",
    "format",
    "gamma",
    "hour",
    "identity",
    "if",
    "im",
    "in",
    "inch",
    "index",
    "inf",
    "infinity",
    "inv",
    "larger",
    "log",
    "log10",
    "log2",
    "lognormal",
    "lsolve",
    "mad",
    "map",
    "matrix",
    "max",
    "mean",
    "median",
    "min",
    "minute",
    "mod",
    "mode",
    "month",
    "multiply",
    "nan",
    "normal",
    "not",
    "null",
    "number",
    "ones",
    "or",
    "parse",
    "phi",
    "pi",
    "poisson",
    "pow",
    "prod",
    "quantileseq",
    "random",
    "range",
    "re",
    "reshape",
    "resolve",
    "round",
    "row",
    "scenarios",
    "second",
    "sign",
    "simplify",
    "sin",
    "size",
    "smaller",
    "sort",
    "sqrt",
    "square",
    "squeeze",
    "std",
    "string",
    "subset",
    "sum",
    "tan",
    "tau",
    "test",
    "to",
    "trace",
    "transpose",
    "true",
    "triangular",
    "undefined",
    "unequal",
    "uniform",
    "unit",
    "variance",
    "version",
    "week",
    "weibull",
    "xor",
    "year",
    "zeros",
];

/// Longest identifier made of one name.
const LEN_MAX: usize = 48;

/// Identifier made of `name`: letters, digits and underscores, not starting with a digit.
///
/// `rds-mysql` is `rds_mysql`; `GET /user/{}` is `GET_user`.
pub(crate) fn identifier(name: &str) -> String {
    let mut text = String::new();
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            text.push(character);
        } else if !text.is_empty() && !text.ends_with('_') {
            text.push('_');
        }
        if text.len() >= LEN_MAX {
            break;
        }
    }
    let text = text.trim_end_matches('_');
    if text.is_empty() {
        "service".to_owned()
    } else if text.starts_with(|first: char| first.is_ascii_digit()) {
        format!("s_{text}")
    } else {
        text.to_owned()
    }
}

/// Whether a name is a word of the language, a single letter, or two capitals as readable ids are.
fn is_reserved(name: &str) -> bool {
    let readable_id = name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_uppercase());
    name.len() < 2 || readable_id || RESERVED.contains(&name.to_ascii_lowercase().as_str())
}

/// Gives each metric a name of its own.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// `wanted`, or the first of `wanted_2`, `wanted_3`, … that is free; a reserved word gets `_service` behind it.
    ///
    /// Names that differ in case alone count as one, since people read them as one.
    pub(crate) fn take(&mut self, wanted: &str) -> String {
        let key = |text: &str| text.to_ascii_lowercase();
        let base = if is_reserved(wanted) { format!("{wanted}_service") } else { wanted.to_owned() };
        let mut name = base.clone();
        let mut number = 2;
        while !self.taken.insert(key(&name)) {
            name = format!("{base}_{number}");
            number += 1;
        }
        name
    }

    /// Takes names that stand already, as they are.
    pub(crate) fn occupy<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        self.taken.extend(names.into_iter().map(str::to_ascii_lowercase));
    }

    /// Whether a name is free as it is.
    pub(crate) fn is_free(&self, wanted: &str) -> bool {
        let key = wanted.to_ascii_lowercase();
        !is_reserved(wanted) && !self.taken.contains(&key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_identifiers() {
        let cases = [
            ("rds-mysql", "rds_mysql"),
            ("GET /user/{}", "GET_user"),
            ("3scale", "s_3scale"),
            ("  ", "service"),
            ("caché", "cach"),
            ("riakTS", "riakTS"),
        ];
        for (name, expected) in cases {
            assert_eq!(identifier(name), expected, "{name}");
        }
    }

    #[test]
    fn each_name_is_given_once_and_no_word_of_the_language_is() {
        let mut names = Names::default();
        assert_eq!(names.take("web"), "web");
        assert_eq!(names.take("Web"), "Web_2");
        assert_eq!(names.take("log"), "log_service");
        assert_eq!(names.take("DB"), "DB_service");
        assert_eq!(names.take("db"), "db");
        assert!(!names.is_free("web") && names.is_free("webs"));
    }
}
