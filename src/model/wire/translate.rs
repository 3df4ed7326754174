//! Older inputs, in which metrics are called by readable ids: translation to references, as Guesstimate does it.
//!
//! The original replaces text, not words: with a metric `AB`, `CABLE` becomes `C${metric:…}LE`. Models are read this way
//! in compatibility mode only; otherwise names are looked up where they stand in the formula.

use std::collections::{BTreeSet, HashMap};

/// Readable ids and the references that replace them.
#[derive(Debug, Clone, Default)]
pub struct Translation {
    references: HashMap<String, String>,
    /// Lengths of the ids in characters.
    lens: BTreeSet<usize>,
    /// Ids with a `.`, which the original takes as "any character".
    patterns: Vec<Vec<char>>,
}

impl Translation {
    /// Adds a readable id and what replaces it, such as `${metric:12}`.
    pub fn insert(&mut self, readable_id: &str, reference: impl Into<String>) {
        let id: Vec<char> = readable_id.chars().collect();
        if id.is_empty() {
            return;
        }
        self.lens.insert(id.len());
        self.references.insert(readable_id.to_owned(), reference.into());
        if id.contains(&'.') && !self.patterns.contains(&id) {
            self.patterns.push(id);
        }
    }

    /// The input with every readable id replaced, longest first.
    ///
    /// # Examples
    /// ```
    /// use tailcast::model::Translation;
    /// let mut translation = Translation::default();
    /// translation.insert("AB", "${metric:11}");
    /// assert_eq!(translation.translate("=AB + ABC"), "=${metric:11} + ${metric:11}C");
    /// ```
    #[must_use]
    pub fn translate(&self, input: &str) -> String {
        let text: Vec<char> = input.chars().collect();
        let mut translated = String::with_capacity(input.len());
        let mut at = 0;
        while at < text.len() {
            let (replacement, len) = self.longest_at(&text[at..]);
            match replacement {
                Some(replacement) => translated.push_str(replacement),
                None => translated.push(text[at]),
            }
            at += len;
        }
        translated
    }

    /// What replaces the longest id that `text` begins with, and the length of it.
    fn longest_at(&self, text: &[char]) -> (Option<&str>, usize) {
        for len in self.lens.iter().rev().filter(|len| **len <= text.len()) {
            let candidate: String = text[..*len].iter().collect();
            if let Some(reference) = self.references.get(&candidate) {
                return (Some(reference), *len);
            }
            let is_match = |id: &Vec<char>| id.len() == *len && id.iter().zip(text).all(|(a, b)| *a == '.' || a == b);
            if self.patterns.iter().any(is_match) {
                return (Some("undefined"), *len);
            }
        }
        (None, 1)
    }
}
