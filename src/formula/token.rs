//! The tokens of a formula, and how they print.
//!
//! A token says what it is and where it stands. Words such as `mod` and `and` are names here: whether one is an operator
//! depends on where it stands, which the parser knows.

use std::borrow::Cow;
use std::fmt;

use super::print::{write_number, write_quoted};
use crate::span::Span;

/// One token and the bytes it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind<'a>,
    /// Bytes of the formula it was read from.
    pub span: Span,
}

/// What a token can be.
#[derive(Debug, Clone, PartialEq)]
pub enum TokenKind<'a> {
    /// `5`, `.5`, `1e-3`, `0xff`.
    Number(f64),
    /// `"text"` or `'text'`, escapes resolved.
    Text(Cow<'a, str>),
    /// A name or a word operator.
    Name(&'a str),
    /// `${…}`: the text between the braces.
    Reference(&'a str),
    /// Punctuation or an operator.
    Symbol(Symbol),
    /// A line end outside all brackets.
    Newline,
}

/// Declares [`Symbol`] and its spellings together, so that they cannot differ.
macro_rules! symbols {
    ($($variant:ident $text:literal,)*) => {
        /// Punctuation and operators that are not words; each variant is named by how it looks.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Symbol {
            $(#[doc = concat!("`", $text, "`")] $variant,)*
        }

        impl Symbol {
            /// As it is written.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Symbol that is spelled exactly like `text`.
            fn spelled(text: &[u8]) -> Option<Self> {
                $(if text == $text.as_bytes() { return Some(Self::$variant); })*
                None
            }
        }
    };
}

symbols! {
    Comma ",",
    LeftParenthesis "(",
    RightParenthesis ")",
    LeftBracket "[",
    RightBracket "]",
    LeftBrace "{",
    RightBrace "}",
    Semicolon ";",
    Plus "+",
    Minus "-",
    Asterisk "*",
    DotAsterisk ".*",
    Slash "/",
    DotSlash "./",
    Percent "%",
    Caret "^",
    DotCaret ".^",
    Tilde "~",
    Exclamation "!",
    Apostrophe "'",
    Ampersand "&",
    Bar "|",
    CaretBar "^|",
    Equals "=",
    Colon ":",
    Question "?",
    QuestionDot "?.",
    QuestionQuestion "??",
    EqualsEquals "==",
    ExclamationEquals "!=",
    Less "<",
    LessEquals "<=",
    Greater ">",
    GreaterEquals ">=",
    LessLess "<<",
    GreaterGreater ">>",
    GreaterGreaterGreater ">>>",
    Dot ".",
}

impl Symbol {
    /// Longest symbol that `bytes` begin with.
    pub(super) fn at_start_of(bytes: &[u8]) -> Option<Self> {
        // Only these can follow the first byte of a symbol: most bytes are dismissed without a comparison of spellings.
        let continuing = bytes.iter().skip(1).take(2).take_while(|byte| b"*/^|.?=<>".contains(byte)).count();
        let longest = bytes.len().min(1 + continuing);
        let found = (1..=longest).rev().find_map(|len| Self::spelled(&bytes[..len]))?;
        // `a ?.5 : 1` is a condition and a fraction, no property.
        let fraction = found == Self::QuestionDot && bytes.get(2).is_some_and(u8::is_ascii_digit);
        Some(if fraction { Self::Question } else { found })
    }
}

/// Words that are operators where an operator can stand, and names elsewhere.
const INFIX_WORDS: [&str; 6] = ["and", "in", "mod", "or", "to", "xor"];

/// Whether `name` is a word operator: `and in mod or to xor`, between operands, or `not`, before one.
pub(super) fn is_word_operator(name: &str) -> bool {
    name == "not" || INFIX_WORDS.contains(&name)
}

impl fmt::Display for TokenKind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => write_number(f, *value),
            Self::Text(text) => write_quoted(f, text),
            Self::Name(name) => f.write_str(name),
            Self::Reference(text) => write!(f, "${{{text}}}"),
            Self::Symbol(symbol) => f.write_str(symbol.text()),
            Self::Newline => f.write_str("\\n"),
        }
    }
}

/// Prints tokens with a space between each two; a line end prints as `\n`.
///
/// # Examples
/// ```
/// use tailcast::formula::{print_tokens, tokenize};
/// assert_eq!(print_tokens(&tokenize("2pi+${metric:AB}")?), "2 pi + ${metric:AB}");
/// # Ok::<(), tailcast::formula::FormulaError>(())
/// ```
#[must_use]
pub fn print_tokens(tokens: &[Token<'_>]) -> String {
    let texts: Vec<String> = tokens.iter().map(|token| token.kind.to_string()).collect();
    texts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::Symbol;

    #[test]
    fn the_longest_symbol_wins() {
        assert_eq!(Symbol::at_start_of(b">>>1"), Some(Symbol::GreaterGreaterGreater));
        assert_eq!(Symbol::at_start_of(b">>1"), Some(Symbol::GreaterGreater));
        assert_eq!(Symbol::at_start_of(b">=1"), Some(Symbol::GreaterEquals));
        assert_eq!(Symbol::at_start_of(b"."), Some(Symbol::Dot));
        assert_eq!(Symbol::at_start_of(b"a"), None);
        assert_eq!(Symbol::at_start_of(b""), None);
    }

    #[test]
    fn a_question_mark_before_a_fraction_is_no_property_access() {
        assert_eq!(Symbol::at_start_of(b"?.5"), Some(Symbol::Question));
        assert_eq!(Symbol::at_start_of(b"?.a"), Some(Symbol::QuestionDot));
    }
}
