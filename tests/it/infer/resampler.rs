//! A small, slow evaluator of inferred models: numbers, data, and formulas of sums, choices, `max` and `uniform`. It
//! shares nothing with the engine, so that a test through it checks the model's text alone.

use std::collections::BTreeMap;

/// A formula.
enum Expression {
    Number(f64),
    Name(String),
    Sum(Vec<(f64, Expression)>),
    Less(Box<Expression>, Box<Expression>),
    Choice(Box<[Expression; 3]>),
    Call(String, Vec<Expression>),
}

enum Source {
    Formula(Expression),
    Data { values: Vec<f64>, group: Option<usize> },
}

/// An inferred model that can be drawn from.
pub(super) struct Resampler {
    metrics: BTreeMap<String, Source>,
    state: u64,
}

/// One sample: the values drawn so far, and where in its data each group stands.
struct Sample<'a> {
    values: BTreeMap<&'a str, f64>,
    rows: BTreeMap<usize, f64>,
}

impl Resampler {
    /// Model from its TOML text, with some metrics replaced by numbers.
    pub(super) fn new(text: &str, set: &[(&str, f64)]) -> Self {
        let table: toml::Table = text.parse().expect("the model is TOML");
        let list = |value: &toml::Value| value.as_array().cloned().unwrap_or_default();
        let name = |value: &toml::Value| value.as_str().unwrap_or_default().to_owned();
        let groups: Vec<Vec<String>> = table
            .get("paired")
            .map(|groups| list(groups).iter().map(|group| list(group).iter().map(name).collect()).collect())
            .unwrap_or_default();
        let mut metrics = BTreeMap::new();
        for (key, metric) in table["metrics"].as_table().unwrap() {
            let group = groups.iter().position(|group| group.contains(key));
            let source = match (metric.get("data"), metric.get("input")) {
                (Some(data), _) => {
                    let number =
                        |value: &toml::Value| value.as_float().or(value.as_integer().map(|whole| whole as f64));
                    let values = data.as_array().unwrap().iter().map(|value| number(value).unwrap()).collect();
                    Source::Data { values, group }
                }
                (None, Some(input)) => Source::Formula(Parser::read(input.as_str().unwrap().trim_start_matches('='))),
                _ => panic!("expected data or input in {key}"),
            };
            metrics.insert(key.clone(), source);
        }
        for &(key, value) in set {
            assert!(
                metrics.insert(key.to_owned(), Source::Formula(Expression::Number(value))).is_some(),
                "no metric {key}"
            );
        }
        for group in &groups {
            let lens: Vec<usize> = group
                .iter()
                .filter_map(|name| match &metrics[name] {
                    Source::Data { values, .. } => Some(values.len()),
                    Source::Formula(_) => None,
                })
                .collect();
            assert!(lens.windows(2).all(|pair| pair[0] == pair[1]), "lists of a group differ in length");
        }
        Self { metrics, state: 1 }
    }

    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.state;
        x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ x >> 31) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Samples of a metric, sorted.
    pub(super) fn draw(&mut self, metric: &str, count: usize) -> Vec<f64> {
        let metrics = std::mem::take(&mut self.metrics);
        let mut drawn: Vec<f64> = (0..count)
            .map(|_| {
                let mut sample = Sample { values: BTreeMap::new(), rows: BTreeMap::new() };
                self.value(&metrics, metric, &mut sample)
            })
            .collect();
        self.metrics = metrics;
        drawn.sort_by(f64::total_cmp);
        drawn
    }

    fn value<'a>(&mut self, metrics: &'a BTreeMap<String, Source>, name: &str, sample: &mut Sample<'a>) -> f64 {
        let (key, source) = metrics.get_key_value(name).unwrap_or_else(|| panic!("no metric {name}"));
        if let Some(&value) = sample.values.get(key.as_str()) {
            return value;
        }
        let value = match source {
            Source::Formula(expression) => self.evaluate(metrics, expression, sample),
            Source::Data { values, group } => {
                let place = match group {
                    None => self.uniform(),
                    Some(group) => {
                        if !sample.rows.contains_key(group) {
                            sample.rows.insert(*group, self.uniform());
                        }
                        sample.rows[group]
                    }
                };
                values[(place * values.len() as f64) as usize]
            }
        };
        sample.values.insert(key, value);
        value
    }

    fn evaluate<'a>(
        &mut self,
        metrics: &'a BTreeMap<String, Source>,
        expression: &'a Expression,
        sample: &mut Sample<'a>,
    ) -> f64 {
        match expression {
            Expression::Number(value) => *value,
            Expression::Name(name) => self.value(metrics, name, sample),
            Expression::Sum(terms) => {
                terms.iter().map(|(sign, term)| sign * self.evaluate(metrics, term, sample)).sum()
            }
            Expression::Less(left, right) => {
                f64::from(u8::from(self.evaluate(metrics, left, sample) < self.evaluate(metrics, right, sample)))
            }
            Expression::Choice(parts) => {
                let [condition, yes, no] = &**parts;
                let taken = if self.evaluate(metrics, condition, sample) != 0.0 { yes } else { no };
                self.evaluate(metrics, taken, sample)
            }
            Expression::Call(name, arguments) => {
                let values: Vec<f64> =
                    arguments.iter().map(|argument| self.evaluate(metrics, argument, sample)).collect();
                match name.as_str() {
                    "max" => values.into_iter().fold(f64::NEG_INFINITY, f64::max),
                    "uniform" => values[0] + (values[1] - values[0]) * self.uniform(),
                    other => panic!("no function {other}"),
                }
            }
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn read(text: &'a str) -> Expression {
        let mut parser = Self { rest: text };
        let expression = parser.choice();
        assert_eq!(parser.rest.trim(), "", "{text}");
        expression
    }

    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start();
        let found = rest.strip_prefix(token);
        self.rest = found.unwrap_or(rest);
        found.is_some()
    }

    fn choice(&mut self) -> Expression {
        let condition = self.comparison();
        if !self.take("?") {
            return condition;
        }
        let yes = self.choice();
        assert!(self.take(":"), "{}", self.rest);
        Expression::Choice(Box::new([condition, yes, self.choice()]))
    }

    fn comparison(&mut self) -> Expression {
        let left = self.sum();
        if self.take("<") { Expression::Less(Box::new(left), Box::new(self.sum())) } else { left }
    }

    fn sum(&mut self) -> Expression {
        let mut terms = vec![(1.0, self.term())];
        loop {
            if self.take("+") {
                terms.push((1.0, self.term()));
            } else if self.take("-") {
                terms.push((-1.0, self.term()));
            } else if terms.len() == 1 {
                return terms.remove(0).1;
            } else {
                return Expression::Sum(terms);
            }
        }
    }

    fn term(&mut self) -> Expression {
        if self.take("(") {
            let inner = self.choice();
            assert!(self.take(")"), "{}", self.rest);
            return inner;
        }
        let end = self.rest.find(|character: char| !character.is_ascii_alphanumeric() && !"_.".contains(character));
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        if let Ok(number) = word.parse() {
            return Expression::Number(number);
        }
        assert!(!word.is_empty(), "expected a term, found {rest}");
        if !self.take("(") {
            return Expression::Name(word.to_owned());
        }
        let mut arguments = vec![self.choice()];
        while self.take(",") {
            arguments.push(self.choice());
        }
        assert!(self.take(")"), "{}", self.rest);
        Expression::Call(word.to_owned(), arguments)
    }
}
