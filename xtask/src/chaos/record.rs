//! The bytes that a recorder floods its pane with: numbered records, each another, all of them known
//! in advance. Owns their form.

use ccc_testkit::Random;

/// Length of a record with its line end. Lines fit into half of a screen.
pub(crate) const RECORD_BYTES: usize = 64;

/// Writes record `number` of the recorder `index`.
pub(crate) fn write(index: u8, number: u64, out: &mut Vec<u8>) {
    use std::io::Write as _;
    let mut random = Random::new((u64::from(index) << 56) ^ number);
    let [a, b, c] = [random.next(), random.next(), random.next()];
    let c = c & 0xfff_ffff_ffff;
    // Into a vector, which takes everything.
    let _written = write!(out, "{} {a:016x}{b:016x}{c:011x}  \r\n", prefix(index, number));
}

fn prefix(index: u8, number: u64) -> String {
    format!("r{index:02} {number:012}")
}

/// The greatest number of a record of this recorder that stands whole in the text.
pub(crate) fn newest(index: u8, text: &str) -> Option<u64> {
    let start = format!("r{index:02} ");
    let numbers = text.split(&start).skip(1).filter_map(|rest| rest.get(..12)?.parse().ok());
    numbers.max()
}

#[cfg(test)]
mod tests {
    use super::{RECORD_BYTES, newest, write};

    #[test]
    fn every_record_is_as_long_and_says_its_number() {
        let mut bytes = Vec::new();
        (0..100).for_each(|number| write(7, number * 12_345, &mut bytes));
        assert_eq!(bytes.len(), 100 * RECORD_BYTES);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.lines().all(|line| line.starts_with("r07 ") && line.len() == 62));
        assert_eq!(newest(7, &text), Some(99 * 12_345));
        assert_eq!(newest(6, &text), None);
    }
}
