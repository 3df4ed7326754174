//! The branches that lead to the outcomes of an endpoint: a tree of yes/no questions, each asking whether a call is
//! made, each with a probability that is a metric of the model.
//!
//! ```text
//! memcache_hit 94 %: yes -> outcome memcache
//!                    no  -> outcome mysql
//! ```
//!
//! Probabilities further down are conditional on the answers above, so that together they give each outcome exactly the
//! share it was measured with.

use super::super::identifier::Names;
use super::request::Ending;
use super::shape::Anatomy;
use super::span::Symbols;
use super::union::Union;

/// A branch, or the outcome it leads to.
#[derive(Debug, Clone)]
pub(crate) enum Decision {
    /// An outcome, by its position.
    Outcome(usize),
    /// A question.
    Branch(Box<Branch>),
}

/// A question with its probability.
#[derive(Debug, Clone)]
pub(crate) struct Branch {
    /// Key of the probability in percent.
    pub(crate) probability: String,
    /// Key of the drawn answer, 1 or 0.
    pub(crate) indicator: String,
    /// What the probability is of, for people.
    pub(crate) description: String,
    /// Requests that came this way.
    pub(crate) requests: u64,
    /// Of those, the ones answered with yes.
    pub(crate) yes_requests: u64,
    /// Where yes leads.
    pub(crate) yes: Decision,
    /// Where no leads.
    pub(crate) no: Decision,
}

/// A question as words, before its names are settled.
struct Question {
    base: String,
    description: String,
    yes_word: String,
    no_word: String,
    yes: Vec<usize>,
    no: Vec<usize>,
}

/// Builds the tree of branches; yields also a name for each outcome.
pub(crate) fn decide(
    union: &Union,
    outcomes: &[Anatomy],
    symbols: &Symbols,
    prefix: &str,
    names: &mut Names,
) -> (Decision, Vec<String>) {
    let mut builder =
        Builder { union, outcomes, symbols, prefix, names, outcome_names: vec![String::new(); outcomes.len()] };
    let all: Vec<usize> = (0..outcomes.len()).collect();
    let decision = builder.build(&all, &[]);
    (decision, builder.outcome_names)
}

struct Builder<'a> {
    union: &'a Union,
    outcomes: &'a [Anatomy],
    symbols: &'a Symbols,
    prefix: &'a str,
    names: &'a mut Names,
    outcome_names: Vec<String>,
}

impl Builder<'_> {
    fn build(&mut self, set: &[usize], words: &[String]) -> Decision {
        if let [outcome] = *set {
            // The last two answers tell outcomes apart well enough for people; more would make endless names.
            let word = words[words.len().saturating_sub(2)..].join("_");
            self.outcome_names[outcome] = if word.is_empty() { "all".to_owned() } else { word };
            return Decision::Outcome(outcome);
        }
        let question = self.question(set);
        let mut base = format!("{}{}", self.prefix, question.base);
        if let (false, Some(word)) = (self.names.is_free(&base), words.last()) {
            base = format!("{base}_if_{word}");
        }
        let probability = self.names.take(&base);
        let indicator = self.names.take(&format!("is_{probability}"));
        let follow = |word: &str| [words, &[word.to_owned()]].concat();
        let yes = self.build(&question.yes, &follow(&question.yes_word));
        let no = self.build(&question.no, &follow(&question.no_word));
        let requests = |set: &[usize]| set.iter().map(|&outcome| self.outcomes[outcome].count).sum();
        Decision::Branch(Box::new(Branch {
            probability,
            indicator,
            description: question.description,
            requests: requests(set),
            yes_requests: requests(&question.yes),
            yes,
            no,
        }))
    }

    fn is_made(&self, call: usize, outcome: usize) -> bool {
        self.union.calls[call].places[outcome].is_some()
    }

    /// The question that the earliest call poses which only some outcomes make; a cache before its alternatives.
    fn question(&self, set: &[usize]) -> Question {
        let differs = |&call: &usize| {
            let made = set.iter().filter(|&&outcome| self.is_made(call, outcome)).count();
            made > 0 && made < set.len()
        };
        let order = &self.union.order;
        let Some(first) = order.iter().copied().find(differs) else { return self.arbitrary(set) };
        let parent = self.union.calls[first].parent;
        let siblings = order.iter().copied().filter(|&call| self.union.calls[call].parent == parent).filter(differs);
        let cache = siblings
            .into_iter()
            .find(|&call| self.is_cache(call) && self.union.calls[call].ending() == Ending::Answered);
        let asked = cache.unwrap_or(first);
        let (made, missing): (Vec<usize>, Vec<usize>) = set.iter().partition(|&&outcome| self.is_made(asked, outcome));
        self.hit(asked, set, &made, &missing).unwrap_or_else(|| self.made(asked, made, missing))
    }

    /// Whether a call is made to something that is called a cache.
    fn is_cache(&self, call: usize) -> bool {
        let name = self.symbols.name(self.union.calls[call].service()).to_ascii_lowercase();
        ["cache", "redis", "varnish", "cdn"].iter().any(|word| name.contains(word))
    }

    /// A call that is made only after a cache was asked is the cache's miss: the question is whether the cache hits.
    fn hit(&self, asked: usize, set: &[usize], made: &[usize], missing: &[usize]) -> Option<Question> {
        let parent = self.union.calls[asked].parent?;
        let cache = self.union.calls[parent].children.iter().copied().find(|&other| {
            other != asked
                && self.is_cache(other)
                && self.union.calls[other].ending() == Ending::Answered
                && set.iter().all(|&outcome| self.is_made(other, outcome))
                && made.iter().all(|&outcome| self.precedes(other, asked, outcome))
        })?;
        let name = self.unprefixed(cache);
        Some(Question {
            base: format!("{name}_hit"),
            description: format!("requests that {name} answers, so that {} is not called", self.unprefixed(asked)),
            yes_word: format!("{name}_hit"),
            no_word: format!("{name}_miss"),
            yes: missing.to_vec(),
            no: made.to_vec(),
        })
    }

    fn precedes(&self, earlier: usize, later: usize, outcome: usize) -> bool {
        let place =
            |call: usize| self.union.calls[call].places[outcome].map(|place| &self.outcomes[outcome].calls[place]);
        matches!((place(earlier), place(later)), (Some(earlier), Some(later)) if earlier.end_mean <= later.start_mean)
    }

    fn made(&self, asked: usize, made: Vec<usize>, missing: Vec<usize>) -> Question {
        let call = &self.union.calls[asked];
        let name = self.unprefixed(asked);
        let parent = call.parent.map(|parent| self.unprefixed(parent)).unwrap_or_default();
        if call.is_forward() {
            return Question {
                base: format!("{parent}_forwarded"),
                description: format!("requests whose call to {parent} is forwarded to another host"),
                yes_word: "forwarded".to_owned(),
                no_word: "direct".to_owned(),
                yes: made,
                no: missing,
            };
        }
        if call.ending() != Ending::Answered {
            let what = if call.ending() == Ending::Lost { "lost" } else { "failed" };
            return Question {
                base: format!("{name}_share"),
                description: format!("requests in which a call from {parent} is {what}"),
                no_word: format!("no_{name}"),
                yes_word: name,
                yes: made,
                no: missing,
            };
        }
        let siblings = call.parent.map(|parent| self.union.calls[parent].children.as_slice()).unwrap_or_default();
        let instead = siblings.iter().copied().find(|&other| {
            missing.iter().all(|&outcome| self.is_made(other, outcome))
                && !made.iter().any(|&outcome| self.is_made(other, outcome))
        });
        let no_word = instead.map_or_else(|| format!("no_{name}"), |other| self.unprefixed(other));
        let instead = instead.map(|other| format!(", rather than {}", self.unprefixed(other))).unwrap_or_default();
        Question {
            base: format!("{name}_share"),
            description: format!("requests in which {parent} calls {name}{instead}"),
            yes_word: name,
            no_word,
            yes: made,
            no: missing,
        }
    }

    /// Outcomes that make the same calls and differ in what is known of them only.
    fn arbitrary(&self, set: &[usize]) -> Question {
        Question {
            base: "variant_share".to_owned(),
            description: "requests whose spans tell the same calls with fewer times".to_owned(),
            yes_word: "variant".to_owned(),
            no_word: "other_variant".to_owned(),
            yes: set[..1].to_vec(),
            no: set[1..].to_vec(),
        }
    }

    fn unprefixed(&self, call: usize) -> String {
        let name = &self.union.calls[call].name;
        name.strip_prefix(self.prefix).unwrap_or(name).to_owned()
    }
}

impl Decision {
    /// Formula that picks what `leaf` says of the outcome drawn; outcomes of which it says nothing do not matter.
    pub(crate) fn select(&self, leaf: &dyn Fn(usize) -> Option<String>) -> Option<String> {
        match self {
            Self::Outcome(outcome) => leaf(*outcome),
            Self::Branch(branch) => match (branch.yes.select(leaf), branch.no.select(leaf)) {
                (Some(yes), Some(no)) if yes == no => Some(yes),
                (Some(yes), Some(no)) => Some(format!("({} ? {yes} : {no})", branch.indicator)),
                (yes, no) => yes.or(no),
            },
        }
    }

    /// The branches, from the top.
    pub(crate) fn branches(&self) -> Vec<&Branch> {
        let mut found = Vec::new();
        let mut stack = vec![self];
        while let Some(decision) = stack.pop() {
            if let Self::Branch(branch) = decision {
                found.push(&**branch);
                stack.push(&branch.no);
                stack.push(&branch.yes);
            }
        }
        found
    }
}
