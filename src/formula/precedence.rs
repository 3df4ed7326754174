//! How tightly the operators bind, as one scale that the parser and the printer share.
//!
//! ```text
//! = | ?: | or | xor | and | '|' | ^| | & | < <= == … | << >> >>> | to in | : | + - | * / mod | 2 x | % | -x ~x not x
//! | ^ .^ | ?? | x! x' | (x) f(x) x[i] x.p      loosest first
//! ```

use super::tree::{BinaryOperator, Node, UnaryOperator};

/// Rank of an operator or a node; the larger, the tighter it binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Precedence(u8);

impl Precedence {
    pub(super) const ASSIGNMENT: Self = Self(0);
    pub(super) const CONDITIONAL: Self = Self(1);
    pub(super) const OR: Self = Self(2);
    pub(super) const XOR: Self = Self(3);
    pub(super) const AND: Self = Self(4);
    pub(super) const BIT_OR: Self = Self(5);
    pub(super) const BIT_XOR: Self = Self(6);
    pub(super) const BIT_AND: Self = Self(7);
    pub(super) const COMPARISON: Self = Self(8);
    pub(super) const SHIFT: Self = Self(9);
    pub(super) const CONVERSION: Self = Self(10);
    pub(super) const RANGE: Self = Self(11);
    pub(super) const ADDITIVE: Self = Self(12);
    pub(super) const MULTIPLICATIVE: Self = Self(13);
    pub(super) const IMPLICIT: Self = Self(14);
    pub(super) const PERCENTAGE: Self = Self(15);
    pub(super) const UNARY: Self = Self(16);
    pub(super) const POWER: Self = Self(17);
    pub(super) const COALESCE: Self = Self(18);
    pub(super) const POSTFIX: Self = Self(19);
    pub(super) const PRIMARY: Self = Self(20);

    /// The next tighter rank: what the right operand of a left-associative operator must have.
    pub(super) const fn tighter(self) -> Self {
        Self(self.0 + 1)
    }

    /// Rank of a binary operator.
    pub(super) const fn of_binary(operator: BinaryOperator) -> Self {
        match operator {
            BinaryOperator::Or => Self::OR,
            BinaryOperator::Xor => Self::XOR,
            BinaryOperator::And => Self::AND,
            BinaryOperator::BitOr => Self::BIT_OR,
            BinaryOperator::BitXor => Self::BIT_XOR,
            BinaryOperator::BitAnd => Self::BIT_AND,
            BinaryOperator::LeftShift | BinaryOperator::RightArithmeticShift | BinaryOperator::RightLogicalShift => {
                Self::SHIFT
            }
            BinaryOperator::To => Self::CONVERSION,
            BinaryOperator::Add | BinaryOperator::Subtract => Self::ADDITIVE,
            BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Modulus
            | BinaryOperator::DotMultiply
            | BinaryOperator::DotDivide => Self::MULTIPLICATIVE,
            BinaryOperator::ImplicitMultiply => Self::IMPLICIT,
            BinaryOperator::Power | BinaryOperator::DotPower => Self::POWER,
            BinaryOperator::Coalesce => Self::COALESCE,
        }
    }

    /// Rank of a node by what stands at its top.
    pub(super) const fn of_node(node: &Node) -> Self {
        match node {
            Node::Assignment(..) | Node::Function { .. } | Node::Block(_) | Node::Empty => Self::ASSIGNMENT,
            Node::Conditional(..) => Self::CONDITIONAL,
            Node::Comparison(..) => Self::COMPARISON,
            Node::Range { .. } => Self::RANGE,
            Node::Binary(operator, ..) => Self::of_binary(*operator),
            Node::Unary(UnaryOperator::Percent, _) => Self::PERCENTAGE,
            Node::Unary(UnaryOperator::Factorial | UnaryOperator::Transpose, _) => Self::POSTFIX,
            Node::Unary(..) => Self::UNARY,
            Node::Number(_)
            | Node::Text(_)
            | Node::Name(_)
            | Node::Reference(_)
            | Node::Call(..)
            | Node::Index(..)
            | Node::Property { .. }
            | Node::Array(_)
            | Node::Object(_)
            | Node::Parenthesis(_) => Self::PRIMARY,
        }
    }
}
