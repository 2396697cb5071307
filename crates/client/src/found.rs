//! A find of a search as whoever shows it needs it. Owns that what a peer says of places within a text is
//! believed only where they are places.

use ccc_proto::SearchFind;

/// The line of a find from a byte on, cut where matches begin and end: each part, and whether it matched.
pub fn parts(find: &SearchFind, from: usize) -> impl Iterator<Item = (&str, bool)> {
    let mut parts = Vec::new();
    let mut at = from;
    for part in &find.matches {
        let ends = (usize::try_from(part.from), usize::try_from(part.to));
        let (Ok(begin), Ok(end)) = ends else { continue };
        let (Some(before), Some(matched)) = (find.text.get(at..begin), find.text.get(begin..end))
        else {
            continue;
        };
        parts.extend([(before, false), (matched, true)]);
        at = end;
    }
    parts.push((find.text.get(at..).unwrap_or_default(), false));
    parts.into_iter().filter(|(text, _)| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use ccc_proto::SearchMatch;

    use super::*;

    #[test]
    fn parts_make_up_the_line_and_nonsense_is_passed_over() {
        let place = |from, to| SearchMatch { from, to };
        let find = |matches: &[SearchMatch]| SearchFind {
            text: "한글 and more".into(),
            matches: matches.to_vec(),
            ..SearchFind::default()
        };
        let all = find(&[place(0, 6), place(7, 10)]);
        let expected = [("한글", true), (" ", false), ("and", true), (" more", false)];
        assert_eq!(parts(&all, 0).collect::<Vec<_>>(), expected);
        assert_eq!(parts(&all, 7).collect::<Vec<_>>(), expected[2..]);
        // In the middle of a letter, behind the end, backwards.
        let wrong = find(&[place(1, 6), place(7, 99), place(10, 7), place(u32::MAX, 3)]);
        assert_eq!(parts(&wrong, 0).collect::<Vec<_>>(), [("한글 and more", false)]);
    }
}
