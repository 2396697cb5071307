//! The name that was probably meant, for errors about names that people misspelt.

#[cfg(test)]
mod tests;

/// Longest word for which a nearest name is looked for, in characters.
const WORD_MAX: usize = 32;

/// The nearest of the names, if at most a third of the word has to change.
pub fn nearest_name<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > WORD_MAX {
        return None;
    }
    names
        .map(|name| (distance(word, name), name))
        .filter(|(distance, _)| *distance <= length / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// How many letters have to be added, left out or changed, case apart; two that changed places
/// count as one.
fn distance(left: &str, right: &str) -> usize {
    strsim::osa_distance(&left.to_lowercase(), &right.to_lowercase())
}
