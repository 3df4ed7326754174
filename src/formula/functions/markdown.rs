//! The function reference of `docs/formula.md`, made from the table.

use std::fmt::Write;

use super::{CONSTANTS, Family, TABLE};

/// Sections in the order of the document.
const SECTIONS: &[(Family, &str)] = &[
    (Family::Distribution, "Random functions"),
    (Family::Latency, "Latency"),
    (Family::Filter, "Filters"),
    (Family::Figure, "Figures of other metrics"),
    (Family::Arithmetic, "Arithmetic and rounding"),
    (Family::Exponential, "Powers, roots and logarithms"),
    (Family::Trigonometry, "Trigonometry"),
    (Family::Comparison, "Comparison"),
    (Family::Logic, "Logic"),
    (Family::Bitwise, "Bits"),
    (Family::Combinatorics, "Counting and special functions"),
    (Family::Statistics, "Statistics of a list"),
    (Family::Finance, "Finance"),
    (Family::Predicate, "Questions about a value"),
    (Family::Complex, "Complex numbers"),
    (Family::Matrix, "Matrices"),
    (Family::LinearAlgebra, "Linear algebra"),
    (Family::Set, "Sets"),
    (Family::Unit, "Units"),
    (Family::Conversion, "Kinds of values"),
    (Family::Text, "Text"),
    (Family::Expression, "Expressions"),
];

/// The reference as Markdown: a table for each family, then the constants.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::new();
    for (family, title) in SECTIONS {
        let functions: Vec<_> = TABLE.iter().filter(|function| function.family == *family).collect();
        let heading = match family {
            Family::Distribution => "mean of the example",
            Family::Latency => "result, or mean of the samples",
            _ => "result",
        };
        let _ = write!(text, "### {title}\n\n| call | what it yields | example | {heading} |\n|---|---|---|---|\n");
        for function in functions {
            let calls: Vec<String> =
                function.signatures.iter().map(|signature| format!("`{}`", escaped(signature))).collect();
            let domain =
                if function.domain.is_empty() { String::new() } else { format!(" Arguments: {}.", function.domain) };
            let _ = writeln!(
                text,
                "| {} | {}{domain} | `{}` | `{}` |",
                calls.join("<br>"),
                escaped(function.help),
                escaped(function.example.expression),
                escaped(function.example.result),
            );
        }
        text.push('\n');
    }
    text.push_str("### Constants\n\n| name | value | what it is |\n|---|---|---|\n");
    for constant in CONSTANTS {
        let value = if constant.name == "i" { "sqrt(-1)".to_owned() } else { constant.value().text(usize::MAX) };
        let _ = writeln!(text, "| `{}` | {value} | {} |", constant.name, constant.help);
    }
    text
}

/// Text in a cell of a table.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_has_its_section() {
        for function in TABLE.iter() {
            assert!(SECTIONS.iter().any(|(family, _)| *family == function.family), "{}", function.name);
        }
    }

    #[test]
    fn every_function_and_constant_is_in_the_reference() {
        let text = markdown();
        for function in TABLE.iter() {
            assert!(text.contains(&escaped(function.signatures[0])), "{}", function.name);
        }
        assert!(text.contains("| `speedOfLight` | 2.99792458e+8 m / s | speed of light |"), "{text}");
    }
}
