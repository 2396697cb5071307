//! Pasted text on its way into a program: made harmless, and bracketed where the program asked.

use crate::Modes;

#[cfg(test)]
mod tests;

/// Writes one whole paste.
pub fn encode_paste(text: &str, modes: &Modes, out: &mut Vec<u8>) {
    let mut paste = PasteEncoder::start(modes, out);
    paste.push(text, out);
    paste.finish(out);
}

/// A paste that comes in pieces. The brackets go around the whole, in the modes of its beginning.
#[derive(Debug)]
pub struct PasteEncoder {
    bracketed: bool,
    /// The last piece ended with CR, so a LF at the start of the next is the same line end.
    after_return: bool,
}

impl PasteEncoder {
    /// Opens the paste.
    pub fn start(modes: &Modes, out: &mut Vec<u8>) -> Self {
        if modes.bracketed_paste {
            out.extend_from_slice(b"\x1b[200~");
        }
        Self { bracketed: modes.bracketed_paste, after_return: false }
    }

    /// Writes one piece.
    pub fn push(&mut self, text: &str, out: &mut Vec<u8>) {
        out.reserve(text.len());
        let mut buffer = [0; 4];
        for char in text.chars() {
            match char {
                // A program in raw mode expects what the Enter key sends.
                '\n' if self.after_return => {}
                '\n' | '\r' => out.push(b'\r'),
                '\t' => out.push(b'\t'),
                // ESC and C1 (also as U+0080 to U+009F) could end the bracket early; the other
                // controls could act before it is read: ^C, ^D and ^Z go to the line discipline,
                // and what follows them would then run as typed commands.
                _ if char.is_control() => {}
                _ => out.extend_from_slice(char.encode_utf8(&mut buffer).as_bytes()),
            }
            self.after_return = char == '\r';
        }
    }

    /// Closes the paste.
    pub fn finish(self, out: &mut Vec<u8>) {
        if self.bracketed {
            out.extend_from_slice(b"\x1b[201~");
        }
    }
}
