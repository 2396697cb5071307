//! Secrets in pieces, in colours, in strings; and bytes that are none.

use super::*;

/// Takes what it is told as text, pieces apart.
struct Heard<'a>(&'a mut Vec<String>);

impl Form for Heard<'_> {
    fn told(&mut self, at: Duration, told: Told<'_>) -> io::Result<()> {
        self.0.push(match told {
            Told::Output(bytes) => {
                format!("{} {}", at.as_secs(), String::from_utf8_lossy(bytes))
            }
            Told::Command(command) => format!("{} > {}", at.as_secs(), command.text),
            _ => format!("{} -", at.as_secs()),
        });
        Ok(())
    }

    fn finish(self: Box<Self>, _: Duration) -> io::Result<()> {
        Ok(())
    }
}

fn heard(pieces: &[&[u8]]) -> (Vec<String>, u64) {
    let (mut all, mut hidden) = (Vec::new(), 0);
    let mut form =
        Box::new(RedactForm::new(Box::new(Heard(&mut all)), &Redactor::default(), &mut hidden));
    for (second, piece) in pieces.iter().enumerate() {
        form.told(Duration::from_secs(second as u64), Told::Output(piece)).unwrap();
    }
    form.finish(Duration::ZERO).unwrap();
    (all, hidden)
}

#[test]
fn a_secret_is_hidden_however_it_comes_and_every_piece_keeps_its_time() {
    let whole = b"a\r\nkey AKIAIOSFODNN7EXAMPLE end\r\n";
    let (expected, hidden) = heard(&[whole]);
    assert_eq!(expected, ["0 a\r\nkey AKIA**************** end\r\n"]);
    assert_eq!(hidden, 1);
    for cut in 0..whole.len() {
        let (pieces, _) = heard(&[&whole[..cut], &whole[cut..]]);
        let joined: String = pieces.iter().map(|piece| &piece[2..]).collect();
        assert_eq!(joined, expected[0][2..], "cut at {cut}");
        assert_eq!(pieces.len(), 2);
        assert!(pieces[1].starts_with("1 "), "{pieces:?}");
    }
    // Key by key, in colours, and wrapped by nobody.
    let keys: Vec<&[u8]> = whole.chunks(1).collect();
    let (pieces, _) = heard(&keys);
    let joined: String = pieces.iter().map(|piece| piece.split_once(' ').unwrap().1).collect();
    assert_eq!(joined, expected[0][2..]);
    let (colored, _) = heard(&[b"AKIA\x1b[1;31m\x1b[KIOSFODNN7\x1b[mEXAMPLE\x1b[0K"]);
    assert_eq!(colored, ["0 AKIA\x1b[1;31m\x1b[K*********\x1b[m*******\x1b[0K"]);
}

#[test]
fn titles_and_commands_have_none_either() {
    let title = b"\x1b]0;mysql password=hunter2hunter2\x07ok\r\n";
    assert_eq!(heard(&[title]).0, ["0 \x1b]0;mysql password=**************\x07ok\r\n"]);
    let (mut all, mut hidden) = (Vec::new(), 0);
    let mut form =
        Box::new(RedactForm::new(Box::new(Heard(&mut all)), &Redactor::default(), &mut hidden));
    let text = "curl https://me:very-secret@host/".to_owned();
    let command = Remembered { text, ..Remembered::default() };
    form.told(Duration::ZERO, Told::Command(&command)).unwrap();
    form.finish(Duration::ZERO).unwrap();
    assert_eq!(all, ["0 > curl https://me:***********@host/"]);
}

#[test]
fn other_bytes_are_passed_on_as_they_are() {
    let odd: &[u8] =
        b"\x1b]8;;http://x\x1b\\\xff\xfe\xe2\x82\x1b[3Ctext\x1b(B\x1b7\x1bP1$r\x1b\\\x00\xe2";
    let (mut all, mut hidden) = (Vec::new(), 0);
    struct Bytes<'a>(&'a mut Vec<u8>);
    impl Form for Bytes<'_> {
        fn told(&mut self, _: Duration, told: Told<'_>) -> io::Result<()> {
            if let Told::Output(bytes) = told {
                self.0.extend_from_slice(bytes);
            }
            Ok(())
        }
        fn finish(self: Box<Self>, _: Duration) -> io::Result<()> {
            Ok(())
        }
    }
    let mut form =
        Box::new(RedactForm::new(Box::new(Bytes(&mut all)), &Redactor::default(), &mut hidden));
    for piece in odd.chunks(3) {
        form.told(Duration::ZERO, Told::Output(piece)).unwrap();
    }
    form.finish(Duration::ZERO).unwrap();
    assert_eq!(all, odd);
}

#[test]
fn a_key_of_many_lines_is_hidden_to_its_end() {
    let line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ";
    let text = format!(
        "-----BEGIN PRIVATE KEY-----\r\n{}-----END PRIVATE KEY-----\r\n",
        format!("{line}\r\n").repeat(200)
    );
    let (all, hidden) = heard(&[text.as_bytes()]);
    assert!(!all[0].contains("MII"), "{}", all[0]);
    assert_eq!(hidden, 1);
}

#[test]
fn blanks_in_a_secret_stay_the_bytes_that_made_them() {
    let rule = ["code (.*) end".to_owned()];
    let (mut all, mut hidden) = (Vec::new(), 0);
    let redactor = Redactor::new(&rule, &[]).unwrap();
    let mut form = Box::new(RedactForm::new(Box::new(Heard(&mut all)), &redactor, &mut hidden));
    form.told(Duration::ZERO, Told::Output(b"code a\tb\x1b[3Cc d end\r\n")).unwrap();
    form.finish(Duration::ZERO).unwrap();
    assert_eq!(all, ["0 code *\t*\x1b[3C* * end\r\n"]);
}

#[test]
fn a_long_string_is_no_line_before_its_end() {
    // An image in the middle of a secret is not hidden with it.
    let image = format!("\x1bPq{}\x1b\\", "~".repeat(80 * 1024));
    let (all, _) = heard(&[format!("token=abcd{image}efgh\r\n").as_bytes()]);
    assert!(all[0] == format!("0 token=****{image}****\r\n"), "{} bytes", all[0].len());
}
