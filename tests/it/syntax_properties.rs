//! Properties of the formula grammar on generated texts and trees: nothing panics, and what is printed reads back.

use std::thread;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use tailcast::formula::limits::{DEPTH_MAX, LENGTH_MAX};
use tailcast::formula::{
    BinaryOperator, ComparisonOperator, Dialect, MetricIndex, Node, Scope, Statement, Tree, UnaryOperator, check,
    parse, print_tokens, tokenize,
};
use tailcast::span::Span;

const DIALECTS: [Dialect; 2] = [Dialect::Sane, Dialect::Guesstimate];

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(20_160_301),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// A model in which every third name is a metric.
struct SomeMetrics;

impl Scope for SomeMetrics {
    fn resolve_name(&self, name: &str) -> Option<MetricIndex> {
        name.len().is_multiple_of(3).then_some(MetricIndex(0))
    }

    fn resolve_reference(&self, text: &str) -> Option<MetricIndex> {
        self.resolve_name(text)
    }

    fn names(&self) -> Vec<String> {
        vec!["hit".to_owned()]
    }
}

/// Reads a text in every way; where it is a formula, its canonical text must be the same formula.
fn exercise(text: &str) {
    for dialect in DIALECTS {
        match parse(text, dialect) {
            Ok(tree) => {
                let printed = tree.to_string();
                let again = parse(&printed, dialect).unwrap_or_else(|error| panic!("{text:?} -> {printed:?}: {error}"));
                assert_eq!(again.s_expression(), tree.s_expression(), "{text:?} -> {printed:?} as {dialect:?}");
                assert_eq!(again.to_string(), printed, "{text:?}");
                let checked = check(tree, &SomeMetrics, ["max", "pi"]);
                for unknown in &checked.unknown {
                    assert!(text.get(unknown.span.range()).is_some(), "{text:?}: {:?}", unknown.span);
                }
            }
            Err(error) => {
                let problem = error.problem();
                assert!(text.get(error.span.range()).is_some(), "{text:?}: {:?}", error.span);
                assert!(!problem.message.ends_with('.') && problem.help.is_some(), "{text:?}: {problem:?}");
            }
        }
    }
}

/// Pieces of formulas, so that random sequences of them are often almost formulas.
const PIECES: [&str; 64] = [
    "1",
    "2.5",
    "1e3",
    ".5",
    "0xff",
    "x",
    "AB",
    "e",
    "end",
    "mod",
    "and",
    "or",
    "xor",
    "not",
    "to",
    "in",
    "true",
    "max",
    "max(",
    "f(x)=",
    "${metric:AB}",
    "${}",
    "\"a\"",
    "'b'",
    "\"",
    "'",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "{a:",
    ",",
    ";",
    "\n",
    "+",
    "-",
    "*",
    ".*",
    "/",
    "./",
    "%",
    "^",
    ".^",
    "~",
    "!",
    "&",
    "|",
    "^|",
    "=",
    ":",
    "?",
    "?.",
    "??",
    "==",
    "!=",
    "<",
    "<=",
    ">>>",
    ".",
    "#",
    " ",
    "€",
];

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn no_text_panics(text in "\\PC{0,40}") {
        exercise(&text);
    }

    #[test]
    fn no_sequence_of_tokens_panics(pieces in vec(select(PIECES.as_slice()), 0..14), gap in select(vec!["", " "])) {
        exercise(&pieces.join(gap));
    }

    #[test]
    fn tokens_cover_the_text_in_order(pieces in vec(select(PIECES.as_slice()), 0..14)) {
        let text = pieces.join(" ");
        if let Ok(tokens) = tokenize(&text) {
            let mut end = 0;
            for token in &tokens {
                prop_assert!(end <= token.span.start && token.span.start < token.span.end);
                end = token.span.end;
            }
            prop_assert!(end <= text.len());
            prop_assert_eq!(print_tokens(&tokens).is_empty(), tokens.is_empty());
        }
    }
}

proptest! {
    #![proptest_config(config(1500))]

    #[test]
    fn every_tree_reads_back_from_its_text(tree in formula()) {
        let printed = tree.to_string();
        for dialect in DIALECTS {
            let again = parse(&printed, dialect).unwrap_or_else(|error| panic!("{printed:?}: {error}"));
            prop_assert_eq!(again.s_expression(), tree.s_expression(), "{:?} as {:?}", printed, dialect);
        }
    }
}

fn tree(node: Node) -> Tree {
    Tree { node, span: Span::default() }
}

fn boxed(node: Node) -> Box<Tree> {
    Box::new(tree(node))
}

fn name() -> impl Strategy<Value = String> {
    select(vec!["x", "y", "AB", "e", "mod", "in", "to", "and", "max"]).prop_map(str::to_owned)
}

fn leaf() -> impl Strategy<Value = Node> {
    prop_oneof![
        select(vec![0.0, 1.0, 2.5, 1e-7, 1e21, 123_456.789, f64::INFINITY]).prop_map(Node::Number),
        name().prop_map(Node::Name),
        select(vec!["true", "NaN"]).prop_map(|literal| Node::Name(literal.to_owned())),
        select(vec!["metric:AB", "", "a name"]).prop_map(|text| Node::Reference(text.to_owned())),
        select(vec!["", "it's", "\"\\\n\u{1}", "5%"]).prop_map(|text| Node::Text(text.to_owned())),
    ]
}

fn unary_operator() -> impl Strategy<Value = UnaryOperator> {
    use UnaryOperator::{BitNot, Factorial, Minus, Not, Percent, Plus, Transpose};
    select(vec![Minus, Plus, BitNot, Not, Factorial, Transpose, Percent, Percent])
}

fn binary_operator() -> impl Strategy<Value = BinaryOperator> {
    use BinaryOperator::*;
    select(vec![
        Add,
        Add,
        Subtract,
        Multiply,
        ImplicitMultiply,
        ImplicitMultiply,
        ImplicitMultiply,
        Divide,
        Divide,
        Modulus,
        Power,
        DotMultiply,
        DotDivide,
        DotPower,
        BitAnd,
        BitOr,
        BitXor,
        LeftShift,
        RightArithmeticShift,
        RightLogicalShift,
        And,
        Or,
        Xor,
        To,
        Coalesce,
    ])
}

fn comparison_operator() -> impl Strategy<Value = ComparisonOperator> {
    use ComparisonOperator::{Equal, Larger, LargerEqual, Smaller, SmallerEqual, Unequal};
    select(vec![Equal, Unequal, Smaller, SmallerEqual, Larger, LargerEqual])
}

/// Any tree the parser can give, blocks apart.
fn expression() -> impl Strategy<Value = Tree> {
    leaf().prop_map(tree).prop_recursive(6, 40, 4, |inner| {
        let one = inner.clone().prop_map(Box::new);
        let few = vec(inner.clone(), 0..3);
        let callee = prop_oneof![
            3 => name().prop_map(|name| boxed(Node::Name(name))),
            1 => (one.clone(), few.clone()).prop_map(|(object, indices)| boxed(Node::Index(object, indices))),
            1 => (one.clone(), name())
                .prop_map(|(object, name)| boxed(Node::Property { object, name, optional: false })),
        ];
        let comparisons = vec((comparison_operator(), inner.clone()), 1..3);
        let rows = (0..3_usize, 1..3_usize, vec(inner.clone(), 4)).prop_map(|(rows, columns, elements)| {
            elements.chunks(columns).take(rows).filter(|row| row.len() == columns).map(<[Tree]>::to_vec).collect()
        });
        prop_oneof![
            4 => (unary_operator(), one.clone()).prop_map(|(operator, operand)| Node::Unary(operator, operand)),
            8 => (binary_operator(), one.clone(), one.clone())
                .prop_map(|(operator, left, right)| Node::Binary(operator, left, right)),
            1 => (one.clone(), comparisons).prop_map(|(first, rest)| Node::Comparison(first, rest)),
            2 => (one.clone(), one.clone(), one.clone()).prop_map(|(c, then, other)| Node::Conditional(c, then, other)),
            2 => (callee.clone(), few.clone()).prop_map(|(callee, arguments)| Node::Call(callee, arguments)),
            1 => (one.clone(), few).prop_map(|(object, indices)| Node::Index(object, indices)),
            1 => (one.clone(), name(), any::<bool>())
                .prop_map(|(object, name, optional)| Node::Property { object, name, optional }),
            1 => rows.prop_map(Node::Array),
            2 => (one.clone(), proptest::option::of(one.clone()), one.clone())
                .prop_map(|(start, step, end)| Node::Range { start, step, end }),
            1 => vec((select(vec!["a", "in", "b c", ""]).prop_map(str::to_owned), inner.clone()), 0..3)
                .prop_map(Node::Object),
            1 => (callee.prop_filter("a property that may be absent is no target", |target| {
                    !matches!(target.node, Node::Property { optional: true, .. })
                }), one.clone()).prop_map(|(target, value)| Node::Assignment(target, value)),
            1 => (name(), select(vec![vec![], vec!["x"], vec!["x", "in"]]), one.clone()).prop_map(|(name, names, body)| {
                let parameters = names.into_iter().map(str::to_owned).collect();
                Node::Function { name, parameters, body }
            }),
            2 => one.prop_map(Node::Parenthesis),
        ]
        .prop_map(tree)
    })
}

/// An expression, or a block of at least two or with a hidden one.
fn formula() -> impl Strategy<Value = Tree> {
    let statements = vec((expression(), any::<bool>()), 1..3).prop_map(|mut statements| {
        let single = statements.len() == 1;
        statements[0].1 &= !single;
        let statements = statements.into_iter().map(|(tree, shown)| Statement { tree, shown }).collect();
        tree(Node::Block(statements))
    });
    prop_oneof![4 => expression(), 1 => statements]
}

/// `count` times what opens something, a value, and `count` times what closes it.
fn deep(opening: &str, value: &str, closing: &str, count: usize) -> String {
    [opening.repeat(count), value.to_owned(), closing.repeat(count)].concat()
}

#[test]
fn deep_formulas_are_read_or_refused_within_a_small_stack() {
    const STACK_BYTES: usize = 1 << 20;
    const SHAPES: [(&str, &str); 26] = [
        ("(", ")"),
        ("[", "]"),
        ("{a:", "}"),
        ("f(", ")"),
        ("x[", "]"),
        ("-", ""),
        ("not ", ""),
        ("2^", ""),
        ("2^-", ""),
        ("1+", ""),
        ("1-(", ")"),
        ("2 mod ", ""),
        ("x ", ""),
        ("a ?? ", ""),
        ("a ? ", " : 1"),
        ("a ? 1 : ", ""),
        ("x=", ""),
        ("f(x)=", ""),
        ("", "!"),
        ("", "'"),
        ("", "[1]"),
        ("", ".a"),
        ("", "+1"),
        ("", "%+1"),
        ("1;", ""),
        ("a or b xor c and d | e ^| f & g == h << i to j : k + l * (m ? (", ") : n)"),
    ];
    let walk = || {
        for (opening, closing) in SHAPES {
            for count in [1, 20, DEPTH_MAX / 2, DEPTH_MAX - 1, DEPTH_MAX, 10_000, 200_000] {
                let text = deep(opening, "x", closing, count);
                if text.len() > LENGTH_MAX {
                    assert_eq!(parse(&text, Dialect::Sane).expect_err("long").problem().code, "too-long");
                    continue;
                }
                match parse(&text, Dialect::Sane) {
                    Ok(tree) => {
                        assert!(!tree.to_string().is_empty() && !tree.s_expression().is_empty());
                        let checked = check(tree.clone(), &SomeMetrics, ["max"]);
                        assert_eq!(checked.tree, tree);
                    }
                    Err(error) if error.problem().code == "too-deep" => assert!(count >= 20, "{opening:?}: {count}"),
                    // `1 ? 2 : 3` in the place of a value needs parentheses, and a text begins at the second quote.
                    Err(error) => assert!(["a ? ", ""].contains(&opening), "{opening:?} {count}: {error}"),
                }
            }
        }
    };
    thread::Builder::new().stack_size(STACK_BYTES).spawn(walk).expect("a thread").join().expect("no overflow");
}

#[test]
fn a_sum_of_as_many_terms_as_the_depth_is_read_and_one_more_is_refused() {
    let sum = |terms: usize| vec!["1"; terms].join("+");
    assert!(parse(&sum(DEPTH_MAX), Dialect::Sane).is_ok());
    let error = parse(&sum(DEPTH_MAX + 1), Dialect::Sane).expect_err("one term too many").problem();
    assert_eq!(error.code, "too-deep");
    assert!(error.help.is_some_and(|help| help.contains("sum(")));
    let listed = format!("sum({})", vec!["1"; 10_000].join(","));
    assert!(parse(&listed, Dialect::Sane).is_ok());
}
