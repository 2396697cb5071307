//! What somebody types, held loosely against names: in lists, and in the history of commands. Owns what fits and which
//! of two fits better.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// How well a name fits, the greater the better. Of two that fit as well the one that stood first comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The words stand in the name and in what stands beside it.
    Beside,
    /// The letters stand in the name in their order, so close.
    Letters(u32),
    /// All words stand in the name as they are, so close.
    Words(u32),
}

/// What was typed.
#[derive(Debug)]
pub struct Loose {
    pattern: Pattern,
    matcher: Matcher,
    /// In small letters.
    words: Vec<String>,
    letters: Vec<char>,
    small: String,
}

impl Loose {
    /// Words between spaces; capitals count as small letters.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        let (case, kind) = (CaseMatching::Ignore, AtomKind::Fuzzy);
        Self {
            pattern: Pattern::new(typed, case, Normalization::Smart, kind),
            matcher: Matcher::new(Config::DEFAULT),
            words: typed
                .split_whitespace()
                .map(|word| word.chars().flat_map(small).collect())
                .collect(),
            letters: Vec::new(),
            small: String::new(),
        }
    }

    /// The words, in small letters.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// How well a name fits with what stands beside it; `None` if it does not.
    pub fn fit(&mut self, name: &str, beside: &[&str]) -> Option<Fit> {
        put_small(name, &mut self.small);
        let small = &self.small;
        let mut left: Vec<&String> = self.words.iter().collect();
        left.retain(|word| !small.contains(word.as_str()));
        let score = self.pattern.score(Utf32Str::new(name, &mut self.letters), &mut self.matcher);
        match score {
            _ if left.is_empty() => return Some(Fit::Words(score.unwrap_or(0))),
            Some(score) => return Some(Fit::Letters(score)),
            None => {}
        }
        for other in beside {
            put_small(other, &mut self.small);
            left.retain(|word| !self.small.contains(word.as_str()));
        }
        left.is_empty().then_some(Fit::Beside)
    }
}

fn put_small(text: &str, to: &mut String) {
    to.clear();
    if text.is_ascii() {
        to.push_str(text);
        to.make_ascii_lowercase();
    } else {
        to.extend(text.chars().flat_map(small));
    }
}

fn small(letter: char) -> impl Iterator<Item = char> {
    letter.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order<'a>(typed: &str, names: &[(&'a str, &'a str)]) -> Vec<&'a str> {
        let mut loose = Loose::new(typed);
        let fits =
            names.iter().filter_map(|(name, beside)| Some((loose.fit(name, &[beside])?, *name)));
        let mut fits: Vec<_> = fits.collect();
        fits.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
        fits.into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn words_come_before_letters_and_those_before_what_stands_beside() {
        let names = [
            ("touch exes site", ""),
            ("ls", "~/Test"),
            ("cargo TEST", ""),
            ("make test", ""),
            ("make", "~/src"),
        ];
        assert_eq!(order("test", &names), ["cargo TEST", "make test", "touch exes site", "ls"]);
        assert_eq!(order("mk src", &names), [""; 0]);
        assert_eq!(order("make src", &names), ["make"]);
        assert_eq!(order("st car", &names), ["cargo TEST"]);
        assert_eq!(order("ŝĜ", &[("aŜĝ", "")]), ["aŜĝ"]);
    }
}
