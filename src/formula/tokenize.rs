//! Text to tokens.
//!
//! The alphabet is that of mathjs: names may hold Latin, Greek and mathematical letters, digits, `_` and `$`. Line ends
//! inside brackets are blanks, as are comments (`# …`). The tokenizer knows one thing of what it has read: whether an
//! operand has just ended, since `'` transposes it then and opens a text otherwise.

use std::borrow::Cow;

use super::error::{FormulaError, FormulaErrorKind};
use super::limits::LENGTH_MAX;
use super::token::{Symbol, Token, TokenKind, is_word_operator};
use crate::span::Span;

/// Splits a formula into tokens.
///
/// # Errors
/// - [`FormulaErrorKind::TooLong`] if the text has more than [`LENGTH_MAX`] bytes.
/// - [`FormulaErrorKind::UnexpectedCharacter`], [`ExponentDigitExpected`](FormulaErrorKind::ExponentDigitExpected),
///   [`InvalidNumber`](FormulaErrorKind::InvalidNumber), [`UnterminatedText`](FormulaErrorKind::UnterminatedText),
///   [`InvalidEscape`](FormulaErrorKind::InvalidEscape),
///   [`UnterminatedReference`](FormulaErrorKind::UnterminatedReference) or
///   [`GluedReference`](FormulaErrorKind::GluedReference) for the first place where no token stands.
///
/// # Cost
/// Linear in the length of the text.
///
/// # Examples
/// ```
/// use tailcast::formula::{TokenKind, tokenize};
/// let tokens = tokenize("5e")?; // no exponent: 5 times the name `e`
/// assert_eq!(tokens[0].kind, TokenKind::Number(5.0));
/// assert_eq!(tokens[1].kind, TokenKind::Name("e"));
/// # Ok::<(), tailcast::formula::FormulaError>(())
/// ```
pub fn tokenize(text: &str) -> Result<Vec<Token<'_>>, FormulaError> {
    if text.len() > LENGTH_MAX {
        return Err(FormulaError {
            kind: FormulaErrorKind::TooLong(text.len()),
            span: Span::new(LENGTH_MAX, text.len()),
        });
    }
    let mut tokenizer = Tokenizer { text, position: 0, depth: 0, after_operand: false, tokens: Vec::new() };
    while tokenizer.step()? {}
    Ok(tokenizer.tokens)
}

struct Tokenizer<'a> {
    text: &'a str,
    /// Byte that is read next; always at a character boundary.
    position: usize,
    /// Brackets that are open.
    depth: usize,
    /// Whether the last token ended an operand.
    after_operand: bool,
    tokens: Vec<Token<'a>>,
}

impl<'a> Tokenizer<'a> {
    /// Reads one token; false at the end of the text.
    fn step(&mut self) -> Result<bool, FormulaError> {
        self.skip_blanks();
        let start = self.position;
        let Some(first) = self.text[start..].chars().next() else { return Ok(false) };
        let kind = match first {
            '\n' => {
                self.position += 1;
                TokenKind::Newline
            }
            '"' => self.quoted('"')?,
            '\'' if !self.after_operand => self.quoted('\'')?,
            '$' if self.byte(start + 1) == Some(b'{') => self.reference()?,
            '0'..='9' => self.number()?,
            '.' if self.is_digit(start + 1) => self.number()?,
            _ if is_letter(first) => self.name()?,
            _ => self.symbol(first)?,
        };
        self.after_operand = self.ends_operand(&kind);
        self.tokens.push(Token { kind, span: Span::new(start, self.position) });
        Ok(true)
    }

    /// Skips blanks, comments and, inside brackets, line ends.
    fn skip_blanks(&mut self) {
        loop {
            match self.byte(self.position) {
                Some(b' ' | b'\t') => self.position += 1,
                Some(b'\r') if self.byte(self.position + 1) == Some(b'\n') => self.position += 1,
                Some(b'\n') if self.depth > 0 => self.position += 1,
                Some(b'#') => {
                    let rest = &self.text[self.position..];
                    self.position += rest.find('\n').unwrap_or(rest.len());
                }
                _ => return,
            }
        }
    }

    fn byte(&self, position: usize) -> Option<u8> {
        self.text.as_bytes().get(position).copied()
    }

    fn is_digit(&self, position: usize) -> bool {
        self.byte(position).is_some_and(|byte| byte.is_ascii_digit())
    }

    /// Whether a token of this kind, read now, ends an operand.
    fn ends_operand(&self, kind: &TokenKind<'_>) -> bool {
        match kind {
            TokenKind::Number(_) | TokenKind::Text(_) | TokenKind::Reference(_) => true,
            TokenKind::Name("not") | TokenKind::Newline => false,
            TokenKind::Name(name) => !(self.after_operand && is_word_operator(name)),
            TokenKind::Symbol(symbol) => matches!(
                symbol,
                Symbol::RightParenthesis
                    | Symbol::RightBracket
                    | Symbol::RightBrace
                    | Symbol::Exclamation
                    | Symbol::Apostrophe
            ),
        }
    }

    fn symbol(&mut self, first: char) -> Result<TokenKind<'a>, FormulaError> {
        let Some(symbol) = Symbol::at_start_of(&self.text.as_bytes()[self.position..]) else {
            return Err(self.error(FormulaErrorKind::UnexpectedCharacter(first), first.len_utf8()));
        };
        match symbol {
            Symbol::LeftParenthesis | Symbol::LeftBracket | Symbol::LeftBrace => self.depth += 1,
            Symbol::RightParenthesis | Symbol::RightBracket | Symbol::RightBrace => {
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
        self.position += symbol.text().len();
        Ok(TokenKind::Symbol(symbol))
    }

    fn name(&mut self) -> Result<TokenKind<'a>, FormulaError> {
        let rest = &self.text[self.position..];
        let len = rest.find(|c: char| !is_letter(c) && !c.is_ascii_digit()).unwrap_or(rest.len());
        // `$` is a letter, but `${` opens a reference.
        let glued = rest[..len].ends_with('$') && rest[len..].starts_with('{');
        let name = &rest[..len - usize::from(glued)];
        self.position += name.len();
        if glued {
            let found = "a reference".to_owned();
            return Err(self.error(FormulaErrorKind::GluedReference { found }, 2));
        }
        Ok(TokenKind::Name(name))
    }

    fn reference(&mut self) -> Result<TokenKind<'a>, FormulaError> {
        let rest = &self.text[self.position..];
        let Some(len) = rest.find('}') else {
            return Err(self.error(FormulaErrorKind::UnterminatedReference, rest.len()));
        };
        self.position += len + 1;
        match rest[len + 1..].chars().next() {
            Some(next) if is_letter(next) || next.is_ascii_digit() => {
                let reference = rest[len + 1..].starts_with("${");
                let found = if reference { "a reference".to_owned() } else { format!("`{next}`") };
                Err(self.error(FormulaErrorKind::GluedReference { found }, next.len_utf8()))
            }
            _ => Ok(TokenKind::Reference(&rest[2..len])),
        }
    }

    fn number(&mut self) -> Result<TokenKind<'a>, FormulaError> {
        let start = self.position;
        if self.byte(start) == Some(b'0') {
            match self.byte(start + 1) {
                Some(b'x') => return self.radix_number(16),
                Some(b'o') => return self.radix_number(8),
                Some(b'b') => return self.radix_number(2),
                _ => {}
            }
        }
        self.skip_digits();
        if self.is_decimal_mark(self.position) {
            self.position += 1;
            self.skip_digits();
        }
        self.skip_exponent()?;
        let digits = &self.text[start..self.position];
        let value = digits.parse().expect("digits with one point and one exponent are a number");
        Ok(TokenKind::Number(value))
    }

    fn skip_digits(&mut self) {
        while self.is_digit(self.position) {
            self.position += 1;
        }
    }

    /// Whether a point belongs to the number before it, rather than to one of the operators `.*`, `./`, `.^`.
    fn is_decimal_mark(&self, position: usize) -> bool {
        self.byte(position) == Some(b'.') && !matches!(self.byte(position + 1), Some(b'*' | b'/' | b'^'))
    }

    /// Skips an exponent if there is one; `e` without digits is a name of its own.
    fn skip_exponent(&mut self) -> Result<(), FormulaError> {
        if !matches!(self.byte(self.position), Some(b'e' | b'E')) {
            return Ok(());
        }
        let signed = matches!(self.byte(self.position + 1), Some(b'+' | b'-'));
        let first = self.position + 1 + usize::from(signed);
        if signed || self.is_digit(first) {
            self.position = first;
            self.skip_digits();
            if self.position == first || self.is_decimal_mark(self.position) {
                return Err(self.exponent_error());
            }
        } else if self.is_decimal_mark(first) {
            self.position = first;
            return Err(self.exponent_error());
        }
        Ok(())
    }

    fn exponent_error(&self) -> FormulaError {
        let (found, len) = match self.text[self.position..].chars().next() {
            Some(next) => (format!("`{}`", next.escape_debug()), next.len_utf8()),
            None => ("the end of the formula".to_owned(), 0),
        };
        self.error(FormulaErrorKind::ExponentDigitExpected { found }, len)
    }

    /// `0x…`, `0o…` or `0b…`, with a fraction (`0x1.8`) or a word size in bits (`0xffi8`, two's complement).
    fn radix_number(&mut self, radix: u32) -> Result<TokenKind<'a>, FormulaError> {
        let start = self.position;
        self.position += 2;
        let whole = self.skip_hexadecimal();
        let value = if self.is_decimal_mark(self.position) {
            self.position += 1;
            let fraction = self.skip_hexadecimal();
            digits_value(whole, radix).zip(fraction_value(fraction, radix)).map(|(whole, fraction)| whole + fraction)
        } else if self.byte(self.position) == Some(b'i') && self.is_digit(self.position + 1) {
            self.position += 1;
            let size = self.position;
            self.skip_digits();
            let bits = self.text[size..self.position].parse().ok();
            digits_value(whole, radix).zip(bits).and_then(|(value, bits)| signed_value(value, bits))
        } else {
            digits_value(whole, radix)
        };
        value.map(TokenKind::Number).ok_or_else(|| {
            let span = Span::new(start, self.position);
            FormulaError { kind: FormulaErrorKind::InvalidNumber(excerpt(&self.text[span.range()])), span }
        })
    }

    /// Skips hexadecimal digits, whatever the base, so that a digit too large is reported rather than split off.
    fn skip_hexadecimal(&mut self) -> &'a str {
        let rest = &self.text[self.position..];
        let len = rest.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len());
        self.position += len;
        &rest[..len]
    }

    /// A text in quotes, its escapes resolved; line ends may stand in it.
    fn quoted(&mut self, quote: char) -> Result<TokenKind<'a>, FormulaError> {
        let start = self.position;
        self.position += 1;
        let mut resolved = String::new();
        let mut plain = self.position;
        loop {
            let Some(next) = self.text[self.position..].chars().next() else {
                self.position = start;
                let len = self.text.len() - start;
                return Err(self.error(FormulaErrorKind::UnterminatedText(quote), len));
            };
            if next == '\\' {
                resolved.push_str(&self.text[plain..self.position]);
                resolved.push(self.escape()?);
                plain = self.position;
            } else if next == quote {
                break;
            } else {
                self.position += next.len_utf8();
            }
        }
        let rest = &self.text[plain..self.position];
        self.position += 1;
        if plain == start + 1 {
            return Ok(TokenKind::Text(Cow::Borrowed(rest)));
        }
        resolved.push_str(rest);
        Ok(TokenKind::Text(Cow::Owned(resolved)))
    }

    /// Character that the escape here stands for.
    fn escape(&mut self) -> Result<char, FormulaError> {
        let named = match self.byte(self.position + 1) {
            Some(b'u') => return self.unicode_escape(),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(same @ (b'"' | b'\'' | b'\\' | b'/')) => char::from(same),
            _ => {
                let text: String = self.text[self.position..].chars().take(2).collect();
                return Err(self.error(FormulaErrorKind::InvalidEscape(text.clone()), text.len()));
            }
        };
        self.position += 2;
        Ok(named)
    }

    /// `\uXXXX`, or two of them for a character beyond the basic plane.
    fn unicode_escape(&mut self) -> Result<char, FormulaError> {
        let rest = &self.text.as_bytes()[self.position..];
        let first = code_unit(rest);
        let second = rest.get(6..).and_then(code_unit);
        let (character, len) = match (first, second) {
            (Some(high @ 0xD800..0xDC00), Some(low @ 0xDC00..0xE000)) => {
                (char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)), 12)
            }
            (Some(unit), _) => (char::from_u32(unit), 6),
            (None, _) => (None, 2),
        };
        let Some(character) = character else {
            let text: String = self.text[self.position..].chars().take(6).collect();
            return Err(self.error(FormulaErrorKind::InvalidEscape(text.clone()), text.len()));
        };
        self.position += len;
        Ok(character)
    }

    /// Error about the next `len` bytes.
    fn error(&self, kind: FormulaErrorKind, len: usize) -> FormulaError {
        FormulaError { kind, span: Span::new(self.position, self.position + len) }
    }
}

/// First characters of the first line of a text, for a message.
pub(super) fn excerpt(text: &str) -> String {
    const CHARACTERS_MAX: usize = 32;
    match text.char_indices().enumerate().find(|&(count, (_, next))| count == CHARACTERS_MAX || next == '\n') {
        Some((_, (end, _))) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Value of the four hexadecimal digits of `\uXXXX`.
fn code_unit(bytes: &[u8]) -> Option<u32> {
    let [b'\\', b'u', digits @ ..] = bytes else { return None };
    let digits = digits.get(..4)?;
    digits.iter().try_fold(0, |value, &digit| Some(value * 16 + char::from(digit).to_digit(16)?))
}

/// Value of whole digits, correctly rounded below 2^128.
fn digits_value(digits: &str, radix: u32) -> Option<f64> {
    if digits.is_empty() {
        return None;
    }
    if let Ok(value) = u128::from_str_radix(digits, radix) {
        return Some(value as f64);
    }
    digits.chars().try_fold(0.0, |value, digit| Some(value * f64::from(radix) + f64::from(digit.to_digit(radix)?)))
}

/// Value of the digits after the point.
fn fraction_value(digits: &str, radix: u32) -> Option<f64> {
    let radix_value = f64::from(radix);
    let mut weight = 1.0;
    digits.chars().try_fold(0.0, |value, digit| {
        weight /= radix_value;
        Some(value + f64::from(digit.to_digit(radix)?) * weight)
    })
}

/// Value of an unsigned word of `bits` bits read as two's complement.
fn signed_value(value: f64, bits: i32) -> Option<f64> {
    let modulus = 2.0_f64.powi(bits);
    if value >= modulus {
        return None;
    }
    Some(if value >= modulus / 2.0 { value - modulus } else { value })
}

/// Whether a character can begin a name.
fn is_letter(character: char) -> bool {
    match character {
        'a'..='z' | 'A'..='Z' | '_' | '$' => true,
        '\0'..='\x7f' => false,
        // Latin beyond ASCII with `×` and `÷`, which mathjs takes for letters; Greek; letter-like symbols.
        '\u{C0}'..='\u{2AF}' | '\u{370}'..='\u{3FF}' | '\u{2100}'..='\u{214F}' => true,
        _ => is_mathematical_letter(character),
    }
}

/// Whether a character is assigned in the block of mathematical alphanumeric symbols, its digits included.
fn is_mathematical_letter(character: char) -> bool {
    const UNASSIGNED: [u32; 28] = [
        0x1D455, 0x1D49D, 0x1D4A0, 0x1D4A1, 0x1D4A3, 0x1D4A4, 0x1D4A7, 0x1D4A8, 0x1D4AD, 0x1D4BA, 0x1D4BC, 0x1D4C4,
        0x1D506, 0x1D50B, 0x1D50C, 0x1D515, 0x1D51D, 0x1D53A, 0x1D53F, 0x1D545, 0x1D547, 0x1D548, 0x1D549, 0x1D551,
        0x1D6A6, 0x1D6A7, 0x1D7CC, 0x1D7CD,
    ];
    matches!(character, '\u{1D400}'..='\u{1D7FF}') && !UNASSIGNED.contains(&u32::from(character))
}

#[cfg(test)]
mod tests {
    use super::tokenize;
    use crate::formula::error::{FormulaError, FormulaErrorKind};
    use crate::formula::limits::LENGTH_MAX;
    use crate::formula::{TokenKind, print_tokens};

    fn printed(text: &str) -> String {
        print_tokens(&tokenize(text).expect(text))
    }

    fn number(text: &str) -> f64 {
        match tokenize(text).expect(text).as_slice() {
            [token] => match token.kind {
                TokenKind::Number(value) => value,
                ref other => panic!("{text}: {other:?}"),
            },
            tokens => panic!("{text}: {tokens:?}"),
        }
    }

    fn error(text: &str) -> FormulaError {
        tokenize(text).expect_err(text)
    }

    #[test]
    fn numbers_are_read_to_the_nearest_value() {
        assert_eq!(number("0.1").to_bits(), 0.1_f64.to_bits());
        assert_eq!(number("123456789012345678").to_bits(), 123_456_789_012_345_680_f64.to_bits());
        assert_eq!([number("5."), number(".5"), number("5.e2"), number(".5E-1")], [5.0, 0.5, 500.0, 0.05]);
        assert_eq!([number("1e400"), number("1e-400")], [f64::INFINITY, 0.0]);
    }

    #[test]
    fn other_bases_have_fractions_and_word_sizes() {
        assert_eq!([number("0xff"), number("0o17"), number("0b101")], [255.0, 15.0, 5.0]);
        assert_eq!([number("0x1.8"), number("0b0.11")], [1.5, 0.75]);
        assert_eq!([number("0xffi8"), number("0x7fi8"), number("0xffi16")], [-1.0, 127.0, 255.0]);
        assert_eq!(number("0xffffffffffffffff").to_bits(), 18_446_744_073_709_551_616_f64.to_bits());
        for text in ["0x", "0b12", "0o8", "0b2", "0x.", "0x100i8"] {
            assert!(matches!(error(text).kind, FormulaErrorKind::InvalidNumber(_)), "{text}");
        }
    }

    #[test]
    fn an_e_without_digits_is_a_name() {
        assert_eq!(printed("5e"), "5 e");
        assert_eq!(printed("5 e - 3"), "5 e - 3");
        assert_eq!(printed("2exp"), "2 exp");
        for text in ["5e+", "5e-x", "1e3.5", "1e3.", "5e."] {
            assert!(matches!(error(text).kind, FormulaErrorKind::ExponentDigitExpected { .. }), "{text}");
        }
    }

    #[test]
    fn a_point_before_an_operator_belongs_to_the_operator() {
        assert_eq!(printed("1.*2./3.^4"), "1 .* 2 ./ 3 .^ 4");
        assert_eq!(printed("1..2"), "1 0.2");
        assert_eq!(printed("a.b"), "a . b");
    }

    #[test]
    fn names_hold_letters_digits_and_dollar_signs() {
        for name in ["x1", "_", "$", "$a_1", "café", "×3", "αβ", "ℓ", "𝑎𝟏"] {
            assert_eq!(tokenize(name).expect(name)[0].kind, TokenKind::Name(name));
        }
        for text in ["5 €", "日", "𝑎\u{1d455}", "`5`", "a\\b", "\u{0}"] {
            assert!(matches!(error(text).kind, FormulaErrorKind::UnexpectedCharacter(_)), "{text}");
        }
    }

    #[test]
    fn references_are_kept_as_they_are_written() {
        let text = "2${metric:AB} + ${ a name # with + signs }";
        let kinds: Vec<_> = tokenize(text).expect(text).into_iter().map(|token| token.kind).collect();
        assert_eq!(kinds[1], TokenKind::Reference("metric:AB"));
        assert_eq!(kinds[3], TokenKind::Reference(" a name # with + signs "));
        assert_eq!(tokenize("${}").expect("an empty reference")[0].kind, TokenKind::Reference(""));
    }

    #[test]
    fn an_apostrophe_transposes_an_operand_and_opens_a_text_elsewhere() {
        assert_eq!(printed("x' + 'a'"), "x ' + \"a\"");
        assert_eq!(printed("[1]''"), "[ 1 ] ' '");
        assert_eq!(printed("x mod 'a'"), "x mod \"a\"");
        assert_eq!(printed("mod'"), "mod '");
        assert_eq!(printed("a.to'"), "a . to '");
        assert_eq!(printed("not 'a'"), "not \"a\"");
    }

    #[test]
    fn escapes_are_resolved() {
        let text = r#""\"\'\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#;
        let token = &tokenize(text).expect(text)[0];
        assert_eq!(token.kind, TokenKind::Text("\"'\\/\u{8}\u{c}\n\r\té😀".into()));
        for text in [r#""\q""#, r#""\u12""#, r#""\ud83d""#, r#""\ude00\ud83d""#, r#""\u+123""#, r#""\"#, r#""\é""#] {
            assert!(matches!(error(text).kind, FormulaErrorKind::InvalidEscape(_)), "{text}");
        }
    }

    #[test]
    fn line_ends_count_outside_brackets_only() {
        assert_eq!(printed("1\n[2,\n3]\r\n4 # four\n5"), "1 \\n [ 2 , 3 ] \\n 4 \\n 5");
        assert_eq!(printed(")\n1"), ") \\n 1");
    }

    #[test]
    fn spans_are_the_bytes_of_the_token() {
        let text = "é + \"ä\" # ü\n${x}";
        let texts: Vec<&str> = tokenize(text).expect(text).iter().map(|token| &text[token.span.range()]).collect();
        assert_eq!(texts, ["é", "+", "\"ä\"", "\n", "${x}"]);
    }

    #[test]
    fn a_text_longer_than_the_limit_is_refused() {
        assert!(tokenize(&" ".repeat(LENGTH_MAX)).is_ok());
        assert_eq!(error(&" ".repeat(LENGTH_MAX + 1)).problem().code, "too-long");
    }
}
