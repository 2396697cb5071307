//! Looking for a text in every file below a folder, as it is and as programs may have written it: encoded,
//! compressed, turned round. For tests that say that something is nowhere.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use data_encoding::{BASE32, BASE64, HEXLOWER, HEXUPPER};

/// What a frame of Zstandard begins with.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// How far apart letters may stand that were written one by one.
const STRIDES: std::ops::RangeInclusive<usize> = 2..=256;
/// Bytes that one frame may become; far more than any of ours.
const MOST: u64 = 64 << 20;

/// A file in which the text was found, and in what form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub file: PathBuf,
    pub form: &'static str,
}

/// Every file below the folder that holds the text in some form. Links are not followed; what vanishes while it
/// is looked for is nowhere.
#[must_use]
pub fn hunt(folder: &Path, text: &str) -> Vec<Hit> {
    let forms = forms(text.as_bytes());
    let mut hits = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                let bytes = fs::read(entry.path()).unwrap_or_default();
                hits.extend(forms_in(&bytes, &forms).map(|form| Hit { file: entry.path(), form }));
                if is_spelt(&bytes, text.as_bytes()) {
                    hits.push(Hit { file: entry.path(), form: "letter by letter" });
                }
            }
        }
    }
    hits.sort_by(|a, b| a.file.cmp(&b.file));
    hits
}

type Form = (&'static str, Vec<u8>);

fn forms(text: &[u8]) -> Vec<Form> {
    let wide: Vec<u8> = text.iter().flat_map(|byte| [*byte, 0]).collect();
    let mut forms = vec![
        ("as it is", text.to_vec()),
        ("UTF-16", wide),
        ("turned round", text.iter().rev().copied().collect()),
        ("hexadecimal", HEXLOWER.encode(text).into_bytes()),
        ("hexadecimal", HEXUPPER.encode(text).into_bytes()),
        ("Base32", BASE32.encode(text).trim_end_matches('=').into()),
    ];
    // Wherever it stands in what was encoded: what its neighbours have a part in is left out.
    for before in 0..3 {
        let padded = [&[0; 3][..before], text].concat();
        let encoded = BASE64.encode(&padded[..padded.len() - padded.len() % 3]);
        forms.push(("Base64", encoded[before.min(1) * 4..].into()));
    }
    forms
}

/// Whether it is there letter by letter with as much between any two, as in a log of single keys.
fn is_spelt(bytes: &[u8], text: &[u8]) -> bool {
    let Some((first, rest)) = text.split_first().filter(|(_, rest)| rest.len() >= 4) else {
        return false;
    };
    let starts = bytes.iter().enumerate().filter(|(_, byte)| *byte == first);
    starts.map(|(at, _)| at).any(|at| {
        STRIDES.into_iter().any(|stride| {
            let letter = |number: usize| bytes.get(at + (number + 1) * stride);
            rest.iter().enumerate().all(|(number, byte)| letter(number) == Some(byte))
        })
    })
}

fn forms_in(bytes: &[u8], forms: &[Form]) -> impl Iterator<Item = &'static str> {
    let mut found: Vec<&'static str> = Vec::new();
    let holds = |bytes: &[u8], text: &[u8]| {
        !text.is_empty() && bytes.windows(text.len()).any(|window| window == text)
    };
    found.extend(forms.iter().filter(|(_, text)| holds(bytes, text)).map(|(form, _)| *form));
    let starts = bytes.windows(ZSTD.len()).enumerate().filter(|(_, window)| *window == ZSTD);
    for (at, _) in starts {
        let mut raw = Vec::new();
        let Ok(decoder) = zstd::Decoder::new(&bytes[at..]) else { continue };
        // What comes before an error was in the frame all the same.
        let _cut = decoder.take(MOST).read_to_end(&mut raw);
        if forms.iter().any(|(_, text)| holds(&raw, text)) {
            found.push("compressed");
        }
    }
    found.dedup();
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_in_every_form_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let text = "hunted-5b1c";
        let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
        write("none", b"hunted-5b1d");
        assert_eq!(hunt(folder.path(), text), []);
        let keys: String = text.chars().map(|key| format!("12:03 a key: {key}\n")).collect();
        let forms: [(&str, Vec<u8>, &str); 8] = [
            ("h", keys.into_bytes(), "letter by letter"),
            ("a", b"x hunted-5b1c x".to_vec(), "as it is"),
            ("b", BASE64.encode(b"hunted-5b1c!").into(), "Base64"),
            ("c", BASE64.encode(b"abhunted-5b1c!").into(), "Base64"),
            ("d", b"68756e7465642d35623163".to_vec(), "hexadecimal"),
            ("e", b"c1b5-detnuh".to_vec(), "turned round"),
            ("f", text.bytes().flat_map(|b| [b, 0]).collect(), "UTF-16"),
            (
                "g",
                [b"head", &zstd::encode_all(&b"in hunted-5b1c it"[..], 3).unwrap()[..]].concat(),
                "compressed",
            ),
        ];
        fs::create_dir(folder.path().join("below")).unwrap();
        for (name, bytes, form) in forms {
            let name = format!("below/{name}");
            write(&name, &bytes);
            let hits = hunt(folder.path(), text);
            // A short frame may hold it as it is, too.
            assert!(
                hits.iter().any(|hit| hit.file.ends_with(&name) && hit.form == form),
                "{name}: {hits:?}"
            );
        }
    }
}
