//! PNG files, looked at from outside: which parts they have and how large the image is. Pixels are not
//! decoded here.

use super::IMAGE_SIDE;

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
/// Parts that make pixels and their colours. All others (texts, profiles, times, animation) are left out:
/// they are what a decoder could be hurt with, and nothing here shows them.
const KEPT: [&[u8; 4]; 8] =
    [b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"IDAT", b"IEND"];

/// A PNG that is well formed as far as its parts go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Png {
    pub width: u16,
    pub height: u16,
    /// The file with only the parts that make pixels.
    pub data: Vec<u8>,
}

/// Checks the parts of a file; `None` if it is no PNG, is cut, or is too large an image. Bytes after its end
/// are left out.
#[must_use]
pub fn checked(file: &[u8]) -> Option<Png> {
    let mut rest = file.strip_prefix(SIGNATURE)?;
    let mut data = SIGNATURE.to_vec();
    let mut size = None;
    let mut has_pixels = false;
    loop {
        let (head, _) = rest.split_first_chunk::<8>()?;
        let [a, b, c, d, kind @ ..] = head;
        let len = usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).ok()?;
        // Length, name, content, checksum.
        let (part, after) = rest.split_at_checked(len.checked_add(12)?)?;
        rest = after;
        let first = size.is_none();
        if first {
            let content = part.get(8..).filter(|_| kind == b"IHDR" && len == 13)?;
            let side = |at: usize| {
                let bytes = content.get(at..at + 4)?.try_into().ok()?;
                u16::try_from(u32::from_be_bytes(bytes)).ok()
            };
            let (width, height) = (side(0)?, side(4)?);
            let sides = 1..=IMAGE_SIDE;
            if !sides.contains(&width) || !sides.contains(&height) {
                return None;
            }
            size = Some((width, height));
        } else if kind == b"IHDR" {
            return None;
        }
        has_pixels |= kind == b"IDAT";
        if KEPT.contains(&kind) {
            data.extend_from_slice(part);
        }
        if kind == b"IEND" {
            let (width, height) = size.filter(|_| has_pixels)?;
            return Some(Png { width, height, data });
        }
    }
}
