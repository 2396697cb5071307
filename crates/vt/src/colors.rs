//! Colours that a program set for its terminal (OSC 4, 10, 11, 12), and how programs write colours.
//! What is not set here is the outer terminal's; see [`Facts`](crate::Facts).

use std::collections::BTreeMap;

/// Red, green, blue.
pub type Rgb = (u8, u8, u8);

/// The colours that a pane has of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Colors {
    /// OSC 10, reset by OSC 110.
    pub foreground: Option<Rgb>,
    /// OSC 11, reset by OSC 111.
    pub background: Option<Rgb>,
    /// OSC 12, reset by OSC 112.
    pub cursor: Option<Rgb>,
    /// OSC 4, reset by OSC 104: at most 256 entries, for it has no others.
    pub palette: BTreeMap<u8, Rgb>,
}

impl Colors {
    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Reads a colour as XParseColor does: `rgb:` with one to four hexadecimal digits for each part, which
/// are fractions; or `#` with as many for each, which are the high bits. Names are not known here.
pub(crate) fn parse(text: &[u8]) -> Option<Rgb> {
    if let Some(parts) = text.strip_prefix(b"rgb:") {
        let mut parts = parts.split(|byte| *byte == b'/');
        let mut next = || fraction(parts.next()?);
        let color = (next()?, next()?, next()?);
        return parts.next().is_none().then_some(color);
    }
    let digits = text.strip_prefix(b"#")?;
    let len = digits.len() / 3;
    if !matches!(digits.len(), 3 | 6 | 9 | 12) {
        return None;
    }
    let mut parts = digits.chunks(len);
    let mut next = || high_bits(parts.next()?);
    Some((next()?, next()?, next()?))
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    let plain = matches!(digits.len(), 1..=4) && digits.iter().all(u8::is_ascii_hexdigit);
    let text = std::str::from_utf8(digits).ok()?;
    if plain { u32::from_str_radix(text, 16).ok() } else { None }
}

fn fraction(digits: &[u8]) -> Option<u8> {
    let most = (1 << (4 * digits.len().min(4))) - 1;
    u8::try_from((hexadecimal(digits)? * 255 + most / 2) / most).ok()
}

fn high_bits(digits: &[u8]) -> Option<u8> {
    let value = hexadecimal(digits)? << (16 - 4 * digits.len().min(4));
    u8::try_from(value >> 8).ok()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn colours_as_programs_write_them() {
        for (text, color) in [
            ("rgb:ff/80/00", (255, 128, 0)),
            ("rgb:f/8/0", (255, 136, 0)),
            ("rgb:fff/800/000", (255, 128, 0)),
            ("rgb:ffff/8080/0000", (255, 128, 0)),
            ("rgb:0/00/FFFF", (0, 0, 255)),
            ("#ff8000", (255, 128, 0)),
            ("#f80", (240, 128, 0)),
            ("#fff800000", (255, 128, 0)),
            ("#ffff80000000", (255, 128, 0)),
        ] {
            assert_eq!(parse(text.as_bytes()), Some(color), "{text}");
        }
        for text in [
            "",
            "red",
            "rgb:1/2",
            "rgb:1/2/3/4",
            "rgb:12345/1/1",
            "rgb:+1/1/1",
            "rgb://",
            "#",
            "#ff",
            "#+f+f+f",
            "#1234567890123",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }
}
