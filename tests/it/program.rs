//! The block evaluator against the slow reference, bit for bit: every operation of the tables, then random programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use tailcast::model::{self, Model, NoData, Options};
use tailcast::program::{
    BinaryOperation, Evaluator, Graph, NodeId, Output, Program, UnaryOperation, evaluate_reference,
};
use tailcast::rng::{BLOCK_LEN, BlockRng, StreamKey};
use tailcast::sim::{MetricPlan, Plan};

const SEED: u64 = 7;
const BLOCKS: u64 = 3;

/// Values at which operations change course.
const EDGES: [f64; 29] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    3.0,
    7.0,
    -7.0,
    28.999_999_999_999_996,
    1.0 + f64::EPSILON,
    1.0 - f64::EPSILON,
    1.000_000_000_000_5,
    5e-324,
    -5e-324,
    f64::MIN_POSITIVE,
    1e-300,
    4_503_599_627_370_495.5,
    9_007_199_254_740_993.0,
    1e22,
    709.8,
    -745.2,
    f64::MAX,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

fn words(stream: u64) -> BlockRng {
    BlockRng::new(&StreamKey::new(SEED, stream, 0), 0)
}

/// Edges, then values anywhere among the doubles, then values of everyday size. Its length is odd, so that lists of
/// different lengths pair up differently in each block.
fn values(stream: u64, len: usize) -> Arc<[f64]> {
    let mut words = words(stream);
    let drawn = (EDGES.len()..len).map(|at| match at % 3 {
        0 => f64::from_bits(words.next_u64()),
        1 => (words.next_u64() >> 11) as f64 / (1u64 << 53) as f64 * 200.0 - 100.0,
        _ => (words.next_u64() % 41) as f64 - 20.0,
    });
    EDGES.into_iter().chain(drawn).collect()
}

/// Bits of a value; all NaNs are alike.
fn bits(value: f64) -> u64 {
    if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }
}

/// Runs a program in blocks and by the reference, and compares every output of every block.
fn assert_agrees(program: &Program, describe: impl Fn(usize) -> String) {
    let mut evaluator = Evaluator::new(program, SEED);
    // Blocks in any order: nothing may be left over from the block before.
    for block in (0..BLOCKS).rev() {
        let reference = evaluate_reference(program, SEED, block);
        let mut seen = 0;
        evaluator.run(block..block + 1, |_, output, found| {
            seen += 1;
            let expected = &reference[output];
            assert_eq!(found.keep.is_some(), expected.keep.is_some());
            for lane in 0..BLOCK_LEN {
                let (a, b) = (found.value.at(lane), expected.value[lane]);
                assert_eq!(bits(a), bits(b), "block {block}, lane {lane}: {a:e} against {b:e}: {}", describe(output));
                if let (Some(found), Some(expected)) = (found.keep, &expected.keep) {
                    assert_eq!(found.at(lane) != 0.0, expected[lane] != 0.0, "keep: {}", describe(output));
                }
            }
        });
        assert_eq!(seen, program.outputs().len());
    }
}

#[test]
fn blocks_run_together_are_those_run_one_by_one() {
    let model = random_model(12, 40);
    let plan = Plan::new(&[&model], None, false);
    let (mut together, mut alone) = (Evaluator::new(&plan.program, SEED), Evaluator::new(&plan.program, SEED));
    let values = |evaluator: &mut Evaluator<'_>, blocks: std::ops::Range<u64>| {
        let mut values = BTreeMap::new();
        evaluator.run(blocks, |block, output, found| {
            let column: Vec<u64> = (0..BLOCK_LEN).map(|lane| bits(found.value.at(lane))).collect();
            assert_eq!(values.insert((block, output), column), None, "an output comes once");
        });
        values
    };
    let expected: BTreeMap<_, _> = (5..9).flat_map(|block| values(&mut alone, block..block + 1)).collect();
    assert_eq!(values(&mut together, 5..9), expected);
    // Nothing is left over from more blocks before.
    assert_eq!(values(&mut together, 7..8), values(&mut alone, 7..8));
}

fn outputs(nodes: &[NodeId]) -> Vec<Output> {
    nodes.iter().map(|&value| Output { value, keep: None }).collect()
}

#[test]
fn operations_of_one_value_agree() {
    let mut graph = Graph::new();
    let a = graph.walk(&values(1, 1021));
    let nodes: Vec<NodeId> = UnaryOperation::ALL.iter().map(|&operation| graph.unary(operation, a)).collect();
    assert_agrees(&Program::new(graph, outputs(&nodes)), |output| UnaryOperation::ALL[output].name().to_owned());
}

#[test]
fn operations_of_two_values_agree_on_every_pair_of_edges() {
    let mut graph = Graph::new();
    // 29 and 28 have no common divisor: their walks meet in every pair within a block.
    let a = graph.walk(&EDGES.into());
    let b = graph.walk(&EDGES[1..].into());
    let (c, d) = (graph.walk(&values(1, 1021)), graph.walk(&values(2, 1019)));
    let mut nodes = Vec::new();
    for &operation in BinaryOperation::ALL {
        nodes.extend([graph.binary(operation, a, b), graph.binary(operation, c, d), graph.binary(operation, c, c)]);
    }
    assert_agrees(&Program::new(graph, outputs(&nodes)), |output| BinaryOperation::ALL[output / 3].name().to_owned());
}

#[test]
fn operations_with_a_constant_agree() {
    for &constant in &EDGES {
        let mut graph = Graph::new();
        let (a, constant_node) = (graph.walk(&values(1, 1021)), graph.constant(constant));
        let mut nodes = Vec::new();
        for &operation in BinaryOperation::ALL {
            nodes.extend([graph.binary(operation, a, constant_node), graph.binary(operation, constant_node, a)]);
        }
        let name = |output: usize| format!("{} with {constant:e}", BinaryOperation::ALL[output / 2].name());
        assert_agrees(&Program::new(graph, outputs(&nodes)), name);
    }
}

#[test]
fn constants_are_folded_to_what_a_sample_would_be() {
    for &a in &EDGES {
        for &operation in UnaryOperation::ALL {
            let mut graph = Graph::new();
            let (constant, column) = (graph.constant(a), graph.walk(&[a, a].into()));
            let folded = graph.unary(operation, constant);
            let folded = graph.constant_value(folded).expect("a constant");
            let node = graph.unary(operation, column);
            let found = evaluate_reference(&Program::new(graph, outputs(&[node])), SEED, 0).remove(0).value[0];
            assert_eq!(bits(found), bits(folded), "{} of {a:e}", operation.name());
        }
    }
}

#[test]
fn selections_agree_with_any_operand_constant() {
    let mut graph = Graph::new();
    let columns = [graph.walk(&values(1, 1021)), graph.walk(&values(2, 1019)), graph.walk(&values(3, 1013))];
    let constants = [graph.constant(0.0), graph.constant(2.5), graph.constant(f64::NAN)];
    let mut nodes = Vec::new();
    for mask in 0..8 {
        let pick = |at: usize| if mask >> at & 1 == 0 { columns[at] } else { constants[at] };
        nodes.push(graph.select(pick(0), pick(1), pick(2)));
    }
    nodes.push(graph.lookup(&values(4, 41), constants[1]));
    assert_agrees(&Program::new(graph, outputs(&nodes)), |output| format!("selection {output}"));
}

/// Metrics that random formulas use: ranges, data of several lengths, a constant, a filtered metric, lists drawn
/// together.
const INPUTS: &str = r#"
paired = [["first", "second"]]
[metrics]
a = "5 to 10"
b = "=normal(0, 2)"
c = "3 of 10"
k = "2.5"
n = "=randomInt(-3, 8)"
kept = "=filterGreaterThan(b, -1)"
[metrics.d]
data = [4.0, 8.0, 15.0, 16.0, 23.0, 42.0, -1.5]
[metrics.first]
data = [1.0, 2.0, 3.0]
[metrics.second]
data = [10.0, 20.0, 30.0]
"#;

/// Writes random formulas.
struct Writer {
    words: BlockRng,
}

impl Writer {
    fn below(&mut self, n: u64) -> u64 {
        self.words.next_u64() % n
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len() as u64) as usize]
    }

    fn leaf(&mut self) -> String {
        let leaves = [
            "a",
            "b",
            "c",
            "d",
            "k",
            "n",
            "kept",
            "first",
            "second",
            "0",
            "1",
            "2",
            "0.5",
            "-3",
            "7.25",
            "10%",
            "pi",
            "normal(0, 1)",
            "uniform(-1, 1)",
            "randomInt(0, 10)",
            "exponential(2)",
            "bernoulli(0.3)",
            "poisson(3)",
            "lognormal(0, 0.5)",
            "triangular(0, 4, 1)",
            "gamma(2, 1)",
            "random()",
        ];
        self.pick(&leaves).to_owned()
    }

    /// A formula of at most that depth.
    fn formula(&mut self, depth: u32) -> String {
        if depth == 0 {
            return self.leaf();
        }
        let shallow = self.below_depth(depth);
        let (x, y, z) = (self.formula(depth - 1), self.formula(depth - 1), self.formula(shallow));
        match self.below(16) {
            0 => format!("{}({x})", self.pick(&["abs", "sqrt", "exp", "log", "sign", "cbrt", "sin", "cos", "tan"])),
            1 => format!("{}({x})", self.pick(&["round", "floor", "ceil", "fix", "expm1", "log1p", "-", "not ", "+"])),
            2..=4 => format!("({x} {} {y})", self.pick(&["+", "-", "*", "/", "^", "%", "mod", ".*"])),
            5 => format!("({x} {} {y})", self.pick(&["<", "<=", ">", ">=", "==", "!=", "and", "or", "xor"])),
            6 | 7 => format!("({x} {} {y} ? {z} : {x})", self.pick(&["<", ">", "=="])),
            8 => format!("{}({x}, {y})", self.pick(&["filterLessThan", "filterGreaterThan"])),
            9 => format!("filterBetween({x}, {y} - 5, {y} + 5)"),
            10 => format!("{}([{x}, {y}, {z}])", self.pick(&["sum", "max", "min", "mean", "prod", "median", "std"])),
            11 => format!("{}({x}, {y})", self.pick(&["max", "min", "atan2", "pow", "mod", "log", "hypot"])),
            12 => format!("{}([{x}, {y}, {z}])", self.pick(&["pickRandom", "sum", "max"])),
            13 => format!("scenarios([{x}, {y}], [{}, abs({z})])", self.pick(&["1", "0.25", "c"])),
            14 => format!("normal({x}, abs({y}))"),
            _ => format!("([{x}, {y}] * {z})[{}]", self.pick(&["1", "2"])),
        }
    }

    fn below_depth(&mut self, depth: u32) -> u32 {
        self.below(u64::from(depth)) as u32
    }

    /// A formula, at times with a variable and a function of its own.
    fn metric(&mut self) -> String {
        let depth = 1 + self.below_depth(3);
        let formula = self.formula(depth);
        match self.below(6) {
            0 => format!("t = {formula}; t * t + t"),
            1 => format!("f(u) = u * {} + a; f({formula}) - f(1)", self.leaf()),
            _ => formula,
        }
    }
}

/// A model of the inputs and that many random formulas.
fn random_model(stream: u64, count: usize) -> Model {
    let mut writer = Writer { words: words(stream) };
    let mut metrics = String::new();
    for number in 0..count {
        let _ = writeln!(metrics, "r{number} = '={}'", writer.metric());
    }
    let text = INPUTS.replace("[metrics.d]", &format!("{metrics}\n[metrics.d]"));
    model::read(text.as_bytes(), None, &NoData, Options::default()).expect("a model")
}

#[test]
fn random_programs_agree() {
    let mut formulas = 0;
    for stream in 0..10 {
        let model = random_model(stream, 60);
        for hold in [false, true] {
            let plan = Plan::new(&[&model], None, hold);
            let mut sources = vec![String::new(); plan.program.outputs().len()];
            for (metric, plan) in model.metrics().iter().zip(&plan.versions[0]) {
                if let MetricPlan::Output(output) = plan {
                    sources[*output].clone_from(&metric.source);
                    formulas += usize::from(hold && metric.key.starts_with('r'));
                }
            }
            assert_agrees(&plan.program, |output| sources[output].clone());
        }
    }
    assert!(formulas >= 400, "only {formulas} formulas could be compiled");
}

#[test]
fn held_outputs_are_those_that_were_handed_over() {
    let model = random_model(11, 60);
    let (flowing, held) = (Plan::new(&[&model], None, false), Plan::new(&[&model], None, true));
    let (mut first, mut second) = (Evaluator::new(&flowing.program, SEED), Evaluator::new(&held.program, SEED));
    second.run(1..2, |_, _, _| {});
    first.run(1..2, |_, output, block| {
        let kept = second.held(output).expect("a program that holds its outputs");
        for lane in 0..BLOCK_LEN {
            assert_eq!(bits(block.value.at(lane)), bits(kept.value.at(lane)), "output {output}");
        }
    });
    assert!(held.program.register_count() >= flowing.program.register_count());
}

/// Formulas over `x` and `y` whose value must not depend on whether these are constants or samples.
const FOLDED: [&str; 40] = [
    "x + y",
    "x - y",
    "x * y",
    "x / y",
    "x ^ y",
    "x % y",
    "x mod y",
    "x < y",
    "x <= y",
    "x == y",
    "x != y",
    "x and y",
    "x or y",
    "x xor y",
    "not x",
    "-x",
    "abs(x)",
    "sqrt(x)",
    "cbrt(x)",
    "exp(x)",
    "log(x)",
    "log(x, y)",
    "log10(x)",
    "round(x)",
    "round(x, 2)",
    "floor(x)",
    "ceil(x)",
    "fix(x)",
    "sin(x)",
    "tan(y)",
    "atan2(x, y)",
    "max(x, y)",
    "min([x, y, 1])",
    "sum(x, y, 2)",
    "mean([x, y])",
    "median(x, y, 3)",
    "x > y ? x : y",
    "x + 10%",
    "factorial(round(abs(x)))",
    "gamma(abs(x) + 1)",
];

#[test]
fn formulas_of_constants_are_worth_what_samples_of_the_same_values_are() {
    let numbers = [0.0, 1.0, -1.0, 2.0, 0.5, -2.5, 3.0, 28.999_999_999_999_996, 1e-7, 12.75, -8.0];
    let mut wrong = Vec::new();
    for (x, y) in numbers.iter().flat_map(|x| numbers.iter().map(move |y| (*x, *y))) {
        let mut text = String::from("[metrics]\nkx = {x}\nky = {y}\n").replace("{x}", &format!("{x:?}"));
        text = text.replace("{y}", &format!("{y:?}"));
        for (at, formula) in FOLDED.iter().enumerate() {
            let of = |x: &str, y: &str| {
                let word = |part: &str| {
                    if part == "x" {
                        x.into()
                    } else if part == "y" {
                        y.into()
                    } else {
                        part.to_owned()
                    }
                };
                let mut parts: Vec<String> = vec![String::new()];
                for c in formula.chars() {
                    if c.is_alphanumeric() {
                        parts.last_mut().expect("a part").push(c);
                    } else {
                        parts.extend([c.to_string(), String::new()]);
                    }
                }
                parts.iter().map(|part| word(part)).collect::<String>()
            };
            let _ = writeln!(text, "c{at} = '={}'\ns{at} = '={}'", of("kx", "ky"), of("sx", "sy"));
        }
        let _ = writeln!(text, "[metrics.sx]\ndata = [{x:?}, {x:?}]\n[metrics.sy]\ndata = [{y:?}, {y:?}]");
        let model = model::read(text.as_bytes(), None, &NoData, Options::default()).expect("a model");
        let plan = Plan::new(&[&model], None, true);
        let reference = evaluate_reference(&plan.program, SEED, 0);
        let value = |name: &str| match plan.versions[0][model.resolve(name).expect("a metric").index()] {
            MetricPlan::Output(output) => reference[output].value[0],
            // A constant formula without a real value is an error, a sample of it is not a number.
            _ => f64::NAN,
        };
        for (at, formula) in FOLDED.iter().enumerate() {
            let (constant, sampled) = (value(&format!("c{at}")), value(&format!("s{at}")));
            if constant != sampled && !(constant.is_nan() && sampled.is_nan()) {
                wrong.push(format!("{formula} with x = {x}, y = {y}: {constant:e} folded, {sampled:e} sampled"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
