//! Pixels to sixels: scaling to the cells they stand in, at most 256 colours, and the strings.

use std::collections::HashMap;
use std::io::Write as _;

use ccc_vt::ImageFormat;
use ccc_vt::image::Source;
use ccc_vt::image::sixel::{self, Pixels};

use crate::image::ImageData;

/// Colour registers that every terminal with sixels has.
const COLORS: usize = 256;
/// Rows of pixels in one line of sixels.
pub(super) const BAND: u16 = 6;
/// The most pixels in a row or a column: a picture is no larger than a screen.
const SIDE: u16 = 8192;

/// The part of an image as large as the cells it stands in, with its first `height` rows of pixels.
pub(super) fn scaled(
    data: &ImageData,
    source: Source,
    size: (u16, u16),
    height: u16,
) -> Option<Pixels> {
    let decoded;
    let (bytes, depth): (&[u8], usize) = match data.format {
        ImageFormat::Rgb => (&data.bytes, 3),
        ImageFormat::Rgba => (&data.bytes, 4),
        ImageFormat::Sixel => {
            decoded = sixel::decode(&data.bytes)?.rgba;
            (&decoded, 4)
        }
        ImageFormat::Png | ImageFormat::RgbDeflated | ImageFormat::RgbaDeflated => return None,
    };
    let (width, all) = (size.0.min(SIDE), size.1.min(SIDE));
    let height = height.min(all);
    if width == 0 || height == 0 {
        return None;
    }
    let mut rgba = Vec::with_capacity(usize::from(width) * usize::from(height) * 4);
    let at = |from: u16, len: u16, place: u16, all: u16| {
        usize::from(from) + usize::from(len) * usize::from(place) / usize::from(all)
    };
    for y in 0..height {
        let row = at(source.y, source.height, y, size.1) * usize::from(data.width);
        for x in 0..width {
            let start = (row + at(source.x, source.width, x, size.0)) * depth;
            let pixel = bytes.get(start..start + depth)?;
            rgba.extend_from_slice(pixel);
            if depth == 3 {
                rgba.push(u8::MAX);
            }
        }
    }
    Some(Pixels { width, height, rgba })
}

/// Writes a sixel string. Pixels that are more clear than not are left as they are.
pub(super) fn encode(pixels: &Pixels, out: &mut Vec<u8>) {
    let Pixels { width, height, rgba } = pixels;
    let width = usize::from(*width);
    let (colors, indexes) = palette(rgba);
    // Writing to memory does not fail.
    let _written = write!(out, "\x1bP0;1;0q\"1;1;{width};{height}");
    for (index, color) in colors.iter().enumerate() {
        let [red, green, blue] = color.map(|part| (u32::from(part) * 100 + 127) / 255);
        let _written = write!(out, "#{index};2;{red};{green};{blue}");
    }
    for (row, band) in indexes.chunks(width * usize::from(BAND)).enumerate() {
        if row > 0 {
            // Only between lines: behind the last one it could scroll the screen.
            out.push(b'-');
        }
        let mut used = vec![false; colors.len()];
        for index in band.iter().flatten() {
            if let Some(slot) = used.get_mut(usize::from(*index)) {
                *slot = true;
            }
        }
        for color in (0..colors.len()).filter(|color| used.get(*color) == Some(&true)) {
            let _written = write!(out, "#{color}");
            let sixel = |x: usize| {
                (0..usize::from(BAND)).fold(b'?', |sixel, bit| {
                    let here = band.get(bit * width + x).copied().flatten();
                    sixel + if here.map(usize::from) == Some(color) { 1 << bit } else { 0 }
                })
            };
            let mut run = (sixel(0), 0_usize);
            for x in 0..width {
                let next = sixel(x);
                if next != run.0 {
                    write_run(run, out);
                    run = (next, 0);
                }
                run.1 += 1;
            }
            if run.0 != b'?' {
                write_run(run, out);
            }
            out.push(b'$');
        }
    }
    out.extend_from_slice(b"\x1b\\");
}

fn write_run((sixel, count): (u8, usize), out: &mut Vec<u8>) {
    if count > 3 {
        let _written = write!(out, "!{count}");
        out.push(sixel);
    } else {
        out.extend(std::iter::repeat_n(sixel, count));
    }
}

/// The colours, and for each pixel which of them it has. With too many, those that differ least become
/// one: three bits of red and green, two of blue.
fn palette(rgba: &[u8]) -> (Vec<[u8; 3]>, Vec<Option<u8>>) {
    let (pixels, _) = rgba.as_chunks::<4>();
    let exact = |[red, green, blue, _]: [u8; 4]| [red, green, blue];
    collect(pixels, exact).unwrap_or_else(|| {
        let coarse = |[red, green, blue, _]: [u8; 4]| {
            let level = |part: u8, bits: u32| {
                let most = (1_u32 << bits) - 1;
                let step = (u32::from(part) * most + 127) / 255;
                u8::try_from(step * 255 / most).unwrap_or(u8::MAX)
            };
            [level(red, 3), level(green, 3), level(blue, 2)]
        };
        collect(pixels, coarse).unwrap_or_default()
    })
}

type Indexed = (Vec<[u8; 3]>, Vec<Option<u8>>);

/// `None` if there are too many colours.
fn collect(pixels: &[[u8; 4]], color_of: impl Fn([u8; 4]) -> [u8; 3]) -> Option<Indexed> {
    let mut known: HashMap<[u8; 3], u8> = HashMap::new();
    let mut colors = Vec::new();
    let mut indexes = Vec::with_capacity(pixels.len());
    for pixel in pixels {
        if pixel[3] < 128 {
            indexes.push(None);
            continue;
        }
        let color = color_of(*pixel);
        let index = match known.get(&color) {
            Some(index) => *index,
            None if colors.len() >= COLORS => return None,
            None => {
                let index = u8::try_from(colors.len()).ok()?;
                known.insert(color, index);
                colors.push(color);
                index
            }
        };
        indexes.push(Some(index));
    }
    Some((colors, indexes))
}
