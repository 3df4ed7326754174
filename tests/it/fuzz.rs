//! Hostile inputs, from text to figures: nothing panics, nothing takes unbounded time or memory.
//!
//! Random texts of formulas, models in JSON and in TOML, with a fixed seed and a bounded number of cases, and a list of
//! inputs that are nasty by design. Printing and reading back is in `syntax_properties.rs`.

use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use tailcast::model::{self, Model, NoData, Options};
use tailcast::report::{Format, ReportOptions, write};
use tailcast::sim::{self, NoWatch, RunOptions};

fn config(cases: u32) -> ProptestConfig {
    let rng_seed = RngSeed::Fixed(20_160_302);
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

/// Checks, runs and reports a model in every way.
fn exercise(model: &Model) {
    let checked = sim::check(model);
    assert_eq!(checked.len(), model.metrics().len());
    let options = RunOptions { samples: 64, threads: Some(1), ..RunOptions::default() };
    let outcome = sim::run(model, &options, &NoWatch).expect("a run");
    for metric in &outcome.metrics {
        for problem in &metric.problems {
            assert!(!problem.message.is_empty() && !problem.message.ends_with('.'), "{problem:?}");
            if let Some(span) = problem.span {
                assert!(metric.source.get(span.range()).is_some(), "{:?} in {:?}", span, metric.source);
            }
        }
        let has_figures = metric.summary.is_some();
        assert!(has_figures || !metric.problems.is_empty() || metric.type_name == "NONE", "{metric:?}");
    }
    for format in [Format::Text, Format::Json, Format::Csv, Format::Markdown] {
        write(&outcome, &ReportOptions::new(format), &mut Vec::new()).expect("memory takes it");
    }
}

/// Reads bytes as a model in both ways, and exercises what comes of it.
fn exercise_bytes(bytes: &[u8]) {
    for compat in [false, true] {
        for path in [None, Some(Path::new("m.json")), Some(Path::new("m.toml"))] {
            match model::read(bytes, path, &NoData, Options { compat }) {
                Ok(model) => exercise(&model),
                Err(error) => assert!(!error.faults.is_empty()),
            }
        }
    }
}

fn exercise_formula(text: &str) {
    for compat in [false, true] {
        exercise(&Model::of_input("eval", text, Options { compat }));
    }
}

/// Pieces of formulas that mean something, so that many random sequences can be evaluated.
const PIECES: [&str; 60] = [
    "1",
    "2.5",
    "1e308",
    "-",
    "0",
    "x",
    "pi",
    "e",
    "i",
    "true",
    "null",
    "NaN",
    "Infinity",
    "\"2\"",
    "[1, 2, 3]",
    "[[1, 2], [3, 4]]",
    "normal(0, 1)",
    "uniform(0, 1)",
    "randomInt(0, 3)",
    "poisson(3)",
    "random()",
    "pickRandom(",
    "scenarios(",
    "sum(",
    "max(",
    "sqrt(",
    "log(",
    "exp(",
    "round(",
    "factorial(",
    "filterLessThan(",
    "map(",
    "normal(",
    "beta(",
    "binomial(",
    "f(u) = u * u",
    "f(",
    "x = ",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    "+",
    "*",
    "/",
    "^",
    "%",
    "!",
    "<",
    "==",
    "and",
    "not ",
    "?",
    ":",
    "5 km",
    "to",
    "ones(",
    "1:3",
];

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn formulas_of_random_pieces_are_evaluated_or_refused(pieces in vec(select(&PIECES[..]), 1..14)) {
        exercise_formula(&format!("={}", pieces.concat()));
    }

    #[test]
    fn calls_with_random_arguments_are_evaluated_or_refused(
        function in select(tailcast::formula::functions::TABLE.iter().map(|f| f.name).collect::<Vec<_>>()),
        arguments in vec(select(&["1", "-2", "0.5", "normal(0, 1)", "randomInt(-2, 9)", "[1, 2]", "\"a\"", "true", "NaN",
            "1e300", "[normal(0, 1), 2]", "sqrt", "5 km", "[[1, 2], [3, 4]]", "filterLessThan(normal(0, 1), 0)"][..]), 0..4),
    ) {
        exercise_formula(&format!("={function}({})", arguments.join(", ")));
    }

    #[test]
    fn random_texts_are_read_or_refused(text in "\\PC{0,40}") {
        exercise_formula(&text);
        exercise_bytes(text.as_bytes());
    }

    #[test]
    fn random_bytes_are_refused(bytes in vec(any::<u8>(), 0..80)) {
        exercise_bytes(&bytes);
    }
}

/// Files that are read well, to be damaged.
const MODELS: [&str; 4] = [
    include_str!("../../models/memcached.json"),
    include_str!("../../models/two-tiers.toml"),
    include_str!("../fixtures/guess/lamp-2016.guess"),
    "[metrics]\na = '5 to 10'\nb = '=a + normal(0, 1)'\n[metrics.c]\ndata = [1, 2]\n[scenarios.s]\na = 5\n",
];

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn damaged_models_are_read_or_refused(
        which in 0..MODELS.len(),
        damages in vec((any::<prop::sample::Index>(), select(&b"\0\"'{}[],:=-+9e.\\$n#\xff"[..]), 0..3u8), 1..6),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let mut bytes = MODELS[which].as_bytes().to_vec();
        for (at, byte, kind) in damages {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => { bytes.remove(at); }
            }
        }
        if let Some(cut) = cut {
            let len = cut.index(bytes.len());
            bytes.truncate(len);
        }
        exercise_bytes(&bytes);
    }
}

/// Formulas that are made to take long, to fill the memory or to overflow a stack or a number.
#[allow(clippy::too_many_lines, reason = "a flat list")]
fn nasty_formulas() -> Vec<String> {
    let mut formulas: Vec<String> = [
        "",
        "=",
        "==",
        "=;",
        "=,",
        "=(",
        "=)",
        "=\"",
        "='",
        "=${",
        "=${}",
        "=${metric:}",
        "=${metric:eval}",
        "=eval",
        "=f(x) = f(x); f(1)",
        "=f(x) = f(x) + normal(0, 1); f(1)",
        "=f(x) = x > 0 ? f(x - 1) : 0; f(1e9)",
        "=f(g) = g(g); f(f)",
        "=f(x) = [x, x]; f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(normal(0, 1))))))))))))))))))",
        "=ones(1e9)",
        "=ones(100000, 100000)",
        "=zeros(-1)",
        "=1:1e12",
        "=1:0:5",
        "=random([1e9])",
        "=random([1e5, 1e5])",
        "=random([-1])",
        "=random([0.5])",
        "=randomInt([NaN], 3)",
        "=pickRandom([1, 2], 1e18)",
        "=pickRandom([])",
        "=pickRandom([1, 2], -1)",
        "=scenarios([], [])",
        "=sum([])",
        "=max([])",
        "=factorial(1e18)",
        "=1e308 * 10",
        "=combinations(1e9, 5e8)",
        "=bellNumbers(1e6)",
        "=catalan(1e9)",
        "=isPrime(1e18)",
        "=gcd(1e308, 1)",
        "=negBinomial(1e18, 0.999999999)",
        "=binomial(1e18, 0.5)",
        "=poisson(1e300)",
        "=randomInt(-1e300, 1e300)",
        "=gamma(1e-320, 1)",
        "=beta(1e-320, 1e-320)",
        "=normal(1e308, 1e308)",
        "=lognormal(1e308, 1)",
        "=uniform(-1e308, 1e308)",
        "=normal(NaN, NaN)",
        "=9999999999999999999999999999999 ! ! !",
        "=bignumber(\"1e999999999\")",
        "=fraction(1, 0)",
        "=\"a\" * 1e9",
        "=repeat(\"a\", 1e9)",
        "=parse(\"1 + 1\")",
        "=evaluate(\"normal(0, 1)\")",
        "=import({a: 1})",
        "=derivative(\"x^1000\", \"x\")",
        "=e ^ i",
        "=2 ^ 2 ^ 2 ^ 2 ^ 2 ^ 2",
        "=1 km ^ 1e9",
        "=null + 1",
        "=undefined",
        "=end",
        "=[1, 2, 3][normal(0, 1)]",
        "=[1, 2, 3][1e300]",
        "=[1, 2, 3][-1]",
        "=x[1] = 5",
        "={a: normal(0, 1)}.a",
        "=this",
        "=ans",
        "1e999",
        "-1e999 to 1e999",
        "0 of 0",
        "5 to",
        "to",
        "[,]",
        "NaN",
        "Infinity",
        "\u{0}",
        "\u{202e}5 to 10",
        "５ to １０",
    ]
    .map(str::to_owned)
    .into();
    for (open, close) in
        [("(", ")"), ("[", "]"), ("-", ""), ("sqrt(", ")"), ("1+(", ")"), ("1?", ":1"), ("not ", ""), ("1^", "")]
    {
        formulas.push(format!("={}1{}", open.repeat(50_000), close.repeat(50_000)));
        formulas.push(format!("={}1{}", open.repeat(120), close.repeat(120)));
    }
    formulas.push(format!("={}", "normal(0, 1) + ".repeat(3000) + "1"));
    formulas.push(format!("=[{}1]", "1,".repeat(100_000)));
    formulas.push(format!("=sum({}1)", "normal(0, 1), ".repeat(3000)));
    formulas.push(format!("={}1", "x = normal(0, 1); ".repeat(3000)));
    formulas.push("9".repeat(100_000));
    formulas
}

#[test]
fn nasty_formulas_are_evaluated_or_refused() {
    let formulas = nasty_formulas();
    assert!(formulas.len() > 100);
    formulas.iter().for_each(|formula| exercise_formula(formula));
}

#[test]
fn nasty_models_are_read_or_refused() {
    let chain: String = (1..3000).map(|at| format!("m{at} = '=m{} + 1'\n", at - 1)).collect();
    let doubling: String = (1..1000).map(|at| format!("m{at} = '=m{0} + m{0}'\n", at - 1)).collect();
    for text in [
        format!("[metrics]\nm0 = '5 to 10'\n{chain}"),
        format!("[metrics]\nm0 = '=m2999'\n{chain}"),
        format!("[metrics]\nm0 = '=normal(0, 1)'\n{doubling}"),
        format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("{{\"a\":{}", "{\"a\":".repeat(100_000)),
        format!("[metrics]\na = {}1{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("[{}]\nx = 1", vec!["a"; 50_000].join(".")),
        "[metrics]\na = 1\na = 2".to_owned(),
        "[metrics]\n'' = 5\n' ' = 6".to_owned(),
        "{\"metrics\": [{\"id\": \"\"}, {\"id\": null}, {}, 5], \"guesstimates\": [{\"metric\": \"\"}, null]}"
            .to_owned(),
        "{\"metrics\": {}, \"guesstimates\": []}".to_owned(),
        "{\"space\": {\"space\": {\"graph\": {}}}}".to_owned(),
        "\u{feff}{}".to_owned(),
    ] {
        exercise_bytes(text.as_bytes());
    }
}
