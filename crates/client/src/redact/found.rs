//! A find of a search without the secrets in it and around it. Owns that what matched is still marked where it
//! stands, also where hiding made a text shorter or longer.

use std::ops::Range;

use ccc_proto::SearchFind;

use super::{Redactor, mask};

/// How long the lines of a key are, in letters.
const KEY_LINE: Range<usize> = 60..80;

impl Redactor {
    /// Hides the secrets of a find, and says how many there were.
    pub fn find(&self, find: &mut SearchFind) -> u64 {
        let mut lines = self.lines();
        let mut keys = 0;
        let mut secrets = |line: &str| {
            let mut found = lines.find(line);
            // The lines before it, which would tell, are not all here.
            if found.is_empty() && self.0.keys && is_key_line(line) {
                found.push(0..line.len());
                keys += 1;
            }
            found
        };
        for line in &mut find.before {
            *line = mask(line, &secrets(line)).into_owned();
        }
        let found = secrets(&find.text);
        if !found.is_empty() {
            for part in &mut find.matches {
                part.from = moved(&find.text, &found, part.from);
                part.to = moved(&find.text, &found, part.to);
            }
            find.text = mask(&find.text, &found).into_owned();
        }
        for line in &mut find.after {
            *line = mask(line, &secrets(line)).into_owned();
        }
        lines.hidden() + keys
    }
}

/// Where a byte of a text stands in what is left of it.
fn moved(text: &str, found: &[Range<usize>], at: u32) -> u32 {
    let Some(before) = usize::try_from(at).ok().and_then(|at| text.get(..at)) else { return at };
    let cut = |part: &Range<usize>| part.start.min(before.len())..part.end.min(before.len());
    let found: Vec<_> = found.iter().map(cut).filter(|part| !part.is_empty()).collect();
    u32::try_from(mask(before, &found).len()).unwrap_or(u32::MAX)
}

/// Whether a line looks as those of a private key do, and as hardly anything else does.
fn is_key_line(line: &str) -> bool {
    let line = line.trim().trim_end_matches('=');
    let of = |is: fn(&u8) -> bool| line.bytes().any(|byte| is(&byte));
    let all = line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte));
    KEY_LINE.contains(&line.len())
        && all
        && of(u8::is_ascii_uppercase)
        && of(u8::is_ascii_lowercase)
        && of(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use ccc_proto::SearchMatch;

    use super::*;

    fn masked(text: &str, from: u32, to: u32) -> (String, String) {
        let matches = vec![SearchMatch { from, to }];
        let mut find = SearchFind { text: text.into(), matches, ..SearchFind::default() };
        let redactor = Redactor::new(&["<([^>]*)>".to_owned()], &[]).unwrap();
        redactor.find(&mut find);
        let matched = crate::parts(&find, 0).filter(|(_, matched)| *matched);
        let matched: String = matched.map(|(part, _)| part).collect();
        (find.text, matched)
    }

    #[test]
    fn what_matched_is_marked_where_it_stands_now() {
        assert_eq!(masked("<한글> after", 9, 14), ("<****> after".into(), "after".into()));
        assert_eq!(masked("token=abcdefgh x", 6, 10), ("token=******** x".into(), "****".into()));
        assert_eq!(masked("plain text", 0, 5), ("plain text".into(), "plain".into()));
    }

    #[test]
    fn lines_around_it_tell_of_a_key_and_a_line_of_one_tells_of_itself() {
        let line = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2";
        let mut find = SearchFind { text: line.into(), ..SearchFind::default() };
        assert_eq!(Redactor::default().find(&mut find), 1);
        assert_eq!(find.text, "*".repeat(line.len()));
        // And one beside it.
        let around = vec![line.to_owned()];
        let text = "what was sought".to_owned();
        let mut find =
            SearchFind { before: around.clone(), text, after: around, ..SearchFind::default() };
        assert_eq!(Redactor::default().find(&mut find), 2);
        assert_eq!((&find.before[0], &find.after[0]), (&"*".repeat(66), &"*".repeat(66)));
        let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let mut find = SearchFind { text: hash.into(), ..SearchFind::default() };
        assert_eq!(Redactor::default().find(&mut find), 0);
        let mut find = SearchFind {
            before: vec!["-----BEGIN EC PRIVATE KEY-----".into(), "MHcCAQEE".into()],
            text: "AwEHoUQD".into(),
            after: vec!["c2Vj".into(), "-----END EC PRIVATE KEY-----".into(), "done".into()],
            ..SearchFind::default()
        };
        assert_eq!(Redactor::default().find(&mut find), 1);
        assert_eq!((find.before[1].as_str(), find.text.as_str()), ("********", "********"));
        assert_eq!((find.after[0].as_str(), find.after[2].as_str()), ("****", "done"));
    }
}
