//! A text with `{names}` in it, and which values a text has in their places. Pure.

/// Text, then name and text, and so on.
#[derive(Debug)]
pub(super) struct Pattern {
    key: String,
    first: String,
    /// A name, and the text behind it.
    rest: Vec<(String, String)>,
}

impl Pattern {
    pub(super) fn of(key: &str) -> Self {
        let mut parts = key.split('{');
        let first = parts.next().unwrap_or_default().to_owned();
        let rest = parts.map(|part| part.split_once('}').unwrap_or((part, "")));
        let rest = rest.map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        Self { key: key.to_owned(), first, rest }
    }

    pub(super) fn key(&self) -> &str {
        &self.key
    }

    pub(super) const fn has_values(&self) -> bool {
        !self.rest.is_empty()
    }

    /// How many bytes of it are no values.
    pub(super) fn told(&self) -> usize {
        self.first.len() + self.rest.iter().map(|(_, text)| text.len()).sum::<usize>()
    }

    /// The values that a text has in the places of the names, each as short as it can be but the last. None of them
    /// is empty.
    pub(super) fn values_in<'a>(&'a self, text: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
        let mut text = text.strip_prefix(self.first.as_str())?;
        let mut values = Vec::with_capacity(self.rest.len());
        for (at, (name, after)) in self.rest.iter().enumerate() {
            let end = match at + 1 == self.rest.len() {
                true => text.strip_suffix(after.as_str())?.len(),
                false => text.find(after.as_str())?,
            };
            if end == 0 {
                return None;
            }
            values.push((name.as_str(), text.get(..end)?));
            text = text.get(end + after.len()..)?;
        }
        text.is_empty().then_some(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_what_stands_in_the_places_of_names() {
        let pattern = Pattern::of("{name} is no {what}: {why}");
        let values = pattern.values_in("a b is no size: no: number").unwrap();
        assert_eq!(values, [("name", "a b"), ("what", "size"), ("why", "no: number")]);
        assert!(pattern.values_in(" is no size: x").is_none());
        assert!(pattern.values_in("a is no size").is_none());
        assert!(Pattern::of("no tab {n}").values_in("no tab ").is_none());
        assert_eq!(Pattern::of("no tab {n} x").values_in("no tab 7 x").unwrap(), [("n", "7")]);
        assert_eq!(Pattern::of("at {n}").told(), 3);
    }
}
