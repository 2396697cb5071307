//! Sixel data to pixels. Owns the grammar (DEC STD 070, as xterm reads it); where an image stands is not
//! decided here. Every pixel is a square one, and what was not drawn is transparent.

use super::{IMAGE_BYTES, IMAGE_SIDE};

/// Colour registers. Numbers above wrap.
pub const REGISTERS: usize = 256;
/// The most numbers that follow one command.
const NUMBERS: usize = 5;
/// How often every pixel may be drawn over. An encoder draws each once; a bomb of repeats stops here.
const OVERDRAW: usize = 16;
/// The colours that the VT340 starts with, in percent.
const FIRST: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (20, 20, 80),
    (80, 13, 13),
    (20, 80, 20),
    (80, 20, 80),
    (20, 80, 80),
    (80, 80, 20),
    (53, 53, 53),
    (26, 26, 26),
    (33, 33, 60),
    (60, 26, 26),
    (33, 60, 33),
    (60, 33, 60),
    (33, 60, 60),
    (60, 60, 33),
    (80, 80, 80),
];

/// Pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    pub width: u16,
    pub height: u16,
    /// Red, green, blue, opacity of each pixel, row by row.
    pub rgba: Vec<u8>,
}

/// Width and height of the image, without decoding it; `None` if it has no pixel or too many.
#[must_use]
pub fn measure(data: &[u8]) -> Option<(u16, u16)> {
    let mut extent = Extent::default();
    read(data, &mut extent);
    extent.size()
}

/// The pixels of the image.
#[must_use]
pub fn decode(data: &[u8]) -> Option<Pixels> {
    let (width, height) = measure(data)?;
    let mut canvas = Canvas {
        pixels: Pixels {
            width,
            height,
            rgba: vec![0; usize::from(width) * usize::from(height) * 4],
        },
        budget: usize::from(width) * usize::from(height) * OVERDRAW,
    };
    read(data, &mut canvas);
    Some(canvas.pixels)
}

trait Draw {
    /// `count` columns of six pixels from a place; bit 0 is the top one.
    fn sixels(&mut self, x: usize, y: usize, bits: u8, count: usize, color: [u8; 3]);
    /// The size that the image says it has.
    fn announced(&mut self, _width: usize, _height: usize) {}
}

#[derive(Debug, Default)]
struct Extent {
    width: usize,
    height: usize,
}

impl Extent {
    fn size(&self) -> Option<(u16, u16)> {
        let side =
            |side: usize| u16::try_from(side).ok().filter(|side| (1..=IMAGE_SIDE).contains(side));
        let size = (side(self.width)?, side(self.height)?);
        (self.width * self.height * 4 <= IMAGE_BYTES).then_some(size)
    }
}

impl Draw for Extent {
    fn sixels(&mut self, x: usize, y: usize, bits: u8, count: usize, _color: [u8; 3]) {
        if bits != 0 {
            self.width = self.width.max(x + count);
            // At most 6.
            self.height = self.height.max(y + 8 - bits.leading_zeros() as usize);
        }
    }

    fn announced(&mut self, width: usize, height: usize) {
        self.width = self.width.max(width);
        self.height = self.height.max(height);
    }
}

#[derive(Debug)]
struct Canvas {
    pixels: Pixels,
    /// Pixels that may still be drawn.
    budget: usize,
}

impl Draw for Canvas {
    fn sixels(&mut self, x: usize, y: usize, bits: u8, count: usize, [red, green, blue]: [u8; 3]) {
        let width = usize::from(self.pixels.width);
        let cost = count * bits.count_ones() as usize;
        let Some(budget) = self.budget.checked_sub(cost) else { return };
        self.budget = budget;
        for bit in (0..6).filter(|bit| bits & 1 << bit != 0) {
            let start = (y + bit) * width + x;
            let pixels = self.pixels.rgba.get_mut(start * 4..(start + count) * 4);
            for pixel in pixels.unwrap_or_default().chunks_exact_mut(4) {
                pixel.copy_from_slice(&[red, green, blue, 0xff]);
            }
        }
    }
}

/// Reads the commands. Places beyond the largest image are not drawn at.
fn read(data: &[u8], to: &mut impl Draw) {
    let side = usize::from(IMAGE_SIDE) + 1;
    let mut colors = [[0; 3]; REGISTERS];
    for (slot, (red, green, blue)) in colors.iter_mut().zip(FIRST) {
        *slot = [red, green, blue].map(|part| percent(part.into()));
    }
    let mut color = [0; 3];
    let (mut x, mut y, mut repeat) = (0, 0, 1);
    let mut rest = data;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'?'..=b'~' => {
                let count = repeat.min(side - x);
                if y < side && count > 0 {
                    to.sixels(x, y, byte - b'?', count, color);
                }
                x += count;
                repeat = 1;
            }
            b'$' => x = 0,
            b'-' => {
                x = 0;
                y = (y + 6).min(side + 6);
            }
            b'!' => {
                let [count, ..] = numbers(&mut rest);
                repeat = count.clamp(1, side);
            }
            b'"' => {
                let [_, _, width, height, ..] = numbers(&mut rest);
                to.announced(width.min(side), height.min(side));
            }
            b'#' => {
                let [register, system, a, b, c] = numbers(&mut rest);
                let Some(slot) = colors.get_mut(register % REGISTERS) else { continue };
                match system {
                    1 => *slot = from_hls(a, b, c),
                    2 => *slot = [percent(a), percent(b), percent(c)],
                    _ => {}
                }
                color = *slot;
            }
            _ => {}
        }
    }
}

/// The numbers at the start, with `;` between; those that are missing are 0.
fn numbers(rest: &mut &[u8]) -> [usize; NUMBERS] {
    let mut numbers = [0_usize; NUMBERS];
    let mut place = 0;
    while let Some((byte, after)) = rest.split_first() {
        match byte {
            b'0'..=b'9' => {
                if let Some(number) = numbers.get_mut(place) {
                    *number = number.saturating_mul(10).saturating_add(usize::from(byte - b'0'));
                }
            }
            b';' => place += 1,
            b' ' | b'\n' | b'\r' => {}
            _ => break,
        }
        *rest = after;
    }
    numbers
}

fn percent(part: usize) -> u8 {
    u8::try_from((part.min(100) * 255 + 50) / 100).unwrap_or(u8::MAX)
}

/// Hue in degrees with blue at 0, lightness and saturation in percent.
fn from_hls(hue: usize, lightness: usize, saturation: usize) -> [u8; 3] {
    let (lightness, saturation) = (lightness.min(100), saturation.min(100));
    // All in ten thousandths: twice the larger of what is left above and below, by the saturation.
    let chroma = (100 - (2 * lightness).abs_diff(100)) * saturation;
    let least = (lightness * 100).saturating_sub(chroma / 2);
    let channel = |shift: usize| {
        let angle = (hue % 360 + shift) % 360;
        let part = match angle {
            0..60 => chroma * angle / 60,
            60..180 => chroma,
            180..240 => chroma * (240 - angle) / 60,
            _ => 0,
        };
        percent((least + part).div_ceil(100))
    };
    // The wheel of DEC begins at blue: red is at 120, green at 240 degrees.
    [channel(0), channel(240), channel(120)]
}
