//! Printed programs: a line an operation, in order of evaluation.

use std::fmt;

use super::draw::{Draw, DrawKind};
use super::graph::{NodeId, Operation};
use super::program::Program;
use super::schedule::{Operand, Step};

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.schedule.steps {
            match step {
                Step::Compute { node, out, inputs } => {
                    write!(f, "  r{} = {}", out.index(), self.name(*node))?;
                    for (position, input) in inputs.iter().enumerate() {
                        f.write_str(if position == 0 { " " } else { ", " })?;
                        operand(f, *input)?;
                    }
                    writeln!(f)?;
                }
                Step::Emit { output, value, keep } => {
                    write!(f, "  record {output}: ")?;
                    operand(f, *value)?;
                    if let Some(keep) = keep {
                        f.write_str(" where ")?;
                        operand(f, *keep)?;
                    }
                    writeln!(f)?;
                }
            }
        }
        Ok(())
    }
}

impl Program {
    fn name(&self, node: NodeId) -> String {
        match self.graph().operation(node) {
            Operation::Constant(value) => value.to_string(),
            Operation::Unary(operation, _) => operation.name().to_owned(),
            Operation::Binary(operation, ..) => operation.name().to_owned(),
            Operation::Select(..) => "select".to_owned(),
            Operation::Function(function, _) => format!("call {}", function.name()),
            Operation::Lookup(list, _) => format!("lookup [{} values]", list.len()),
            Operation::Walk(list) => format!("walk [{} values]", list.len()),
            Operation::Draw(draw) => draw_name(draw),
        }
    }
}

fn draw_name(draw: &Draw) -> String {
    match draw.kind() {
        DrawKind::Distribution(distribution) => format!("draw {distribution:?}"),
        DrawKind::Family(family, _) => format!("draw {family:?} of"),
        DrawKind::Empirical(_) => "draw measured data".to_owned(),
        DrawKind::Row(rows) => format!("draw row of {rows}"),
        DrawKind::Open => "draw share".to_owned(),
        DrawKind::Choice(_) => "draw alternative".to_owned(),
    }
}

fn operand(f: &mut fmt::Formatter<'_>, operand: Operand) -> fmt::Result {
    match operand {
        Operand::Register(register) => write!(f, "r{}", register.index()),
        Operand::Constant(value) => write!(f, "{value}"),
    }
}
