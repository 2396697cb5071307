//! The image that the clipboard of this machine holds, by whichever program can give it. Owns the list of these
//! programs. Blocks as long as they do.

use std::io::{ErrorKind, Read as _};
use std::process::{Command, Stdio};

use crate::app::NoImage;

/// The largest image, in bytes: a screenshot of several large screens.
const LARGEST: u64 = 64 * 1024 * 1024;
/// How every PNG file begins.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Each writes the image to its standard output as a PNG file, the last one as AppleScript writes data.
const PROGRAMS: &[(&str, &[&str])] = &[
    ("wl-paste", &["--no-newline", "--type", "image/png"]),
    ("xclip", &["-selection", "clipboard", "-target", "image/png", "-out"]),
    ("pngpaste", &["-"]),
    ("osascript", &["-e", "the clipboard as «class PNGf»"]),
];

pub(crate) fn image() -> Result<Vec<u8>, NoImage> {
    let mut none = NoImage::NoProgram;
    for (program, arguments) in PROGRAMS {
        let child = Command::new(program)
            .args(*arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(_refused) => continue,
        };
        let mut bytes = Vec::new();
        let read = child.stdout.take().map(|out| out.take(LARGEST + 1).read_to_end(&mut bytes));
        // One that is cut off has said enough.
        let ended = child.wait();
        if bytes.len() as u64 > LARGEST {
            return Err(NoImage::TooLarge);
        }
        none = NoImage::Empty;
        let whole = matches!(read, Some(Ok(_))) && ended.is_ok_and(|status| status.success());
        if let Some(image) = whole.then(|| png_of(bytes)).flatten() {
            return Ok(image);
        }
    }
    Err(none)
}

/// The image, if that is what was written.
fn png_of(bytes: Vec<u8>) -> Option<Vec<u8>> {
    if bytes.starts_with(PNG) {
        return Some(bytes);
    }
    let text = std::str::from_utf8(&bytes).ok()?;
    let digits = text.trim().strip_prefix("«data PNGf")?.strip_suffix('»')?;
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let image: Vec<u8> = pairs.map(byte).collect::<Option<_>>()?;
    image.starts_with(PNG).then_some(image)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_known_by_its_beginning_in_both_forms() {
        let image = [PNG, b"rest"].concat();
        assert_eq!(png_of(image.clone()), Some(image.clone()));
        let digits: String = image.iter().map(|byte| format!("{byte:02X}")).collect();
        assert_eq!(png_of(format!("«data PNGf{digits}»\n").into_bytes()), Some(image));
        assert_eq!(png_of(b"plain text".to_vec()), None);
        assert_eq!(png_of("«data PNGf8»".into()), None);
    }
}
