//! Golden bytes: `proto/vectors/<number>-<name>[-n].hex`, one message each with its header. They
//! are only ever added to: a vector that no longer reads, or is written otherwise, means that every
//! peer of this major version is broken.
//!
//! With `CCC_WRITE_VECTORS` in the environment, files that do not exist yet are written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ccc_proto::{Message, Received, limits};

use crate::samples::{self, Writer};

#[test]
fn every_vector_reads_as_its_value_and_is_written_as_its_bytes() {
    let samples = named_samples();
    write_missing(&samples);
    for (name, sample) in samples {
        let path = directory().join(&name);
        assert!(path.exists(), "{name} is missing");
        let golden = bytes_of(&path);
        let read = Message::read(&golden, limits::BODY).expect(&name);
        assert_eq!(read, Some((Received::Known(sample.clone()), golden.len())), "{name}");
        assert_eq!(sample.to_bytes().expect(&name), golden, "{name}");
    }
}

#[test]
fn every_message_has_a_vector() {
    let samples = samples::all(Writer::Ours);
    for (number, name) in Message::NUMBERS {
        assert!(
            samples.iter().any(|sample| sample.number() == *number),
            "message {number} ({name}) has no sample and so no vector"
        );
    }
}

#[test]
fn every_vector_has_a_value() {
    let samples = named_samples();
    let files = fs::read_dir(directory()).expect("the vectors are there");
    for file in files {
        let name = file.expect("a directory entry").file_name();
        let name = name.to_str().expect("a plain name");
        assert!(samples.contains_key(name), "{name} has no value that it must read as");
    }
}

/// The samples by the names of their files: `50-frame.hex`, `50-frame-2.hex`.
fn named_samples() -> BTreeMap<String, Message> {
    let mut named = BTreeMap::new();
    for sample in samples::all(Writer::Ours) {
        let stem = format!("{}-{}", sample.number(), kebab(sample.name()));
        let place = (2..)
            .map(|n| format!("{stem}-{n}.hex"))
            .find(|name| !named.contains_key(name))
            .expect("numbers do not end");
        let first = format!("{stem}.hex");
        let name = if named.contains_key(&first) { place } else { first };
        named.insert(name, sample);
    }
    named
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto/vectors")
}

fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.extend(character.to_lowercase());
    }
    kebab
}

/// Hexadecimal pairs in rows; white space means nothing.
fn bytes_of(path: &Path) -> Vec<u8> {
    let text = fs::read_to_string(path).expect("a sample has its vector");
    let digits: Vec<u32> = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| character.to_digit(16).expect("hexadecimal digits"))
        .collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).expect("two digits")).collect()
}

fn write_missing(samples: &BTreeMap<String, Message>) {
    if std::env::var_os("CCC_WRITE_VECTORS").is_none() {
        return;
    }
    fs::create_dir_all(directory()).expect("a directory for the vectors");
    for (name, sample) in samples {
        let path = directory().join(name);
        if path.exists() {
            continue;
        }
        let mut text = String::new();
        for row in sample.to_bytes().expect(name).chunks(32) {
            text.extend(row.iter().map(|byte| format!("{byte:02x}")));
            text.push('\n');
        }
        fs::write(path, text).expect(name);
    }
}
