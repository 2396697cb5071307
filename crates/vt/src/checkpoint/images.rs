//! Images and placements in a checkpoint.

use std::sync::Arc;

use super::decode::Read;
use super::encode::{put_bytes, put_len16, put_u16, put_u32, put_u64};
use crate::codec::{Input, Malformed};
use crate::engine::{Command, Images, Pending};
use crate::image::{IMAGE_BYTES, IMAGES, Image, ImageFormat, PLACEMENTS, Placement, Source};
use crate::{RowId, Seq};

pub(super) fn put(body: &mut Vec<u8>, images: &Images) {
    put_u64(body, images.seq.0);
    put_u32(body, images.named);
    body.push(u8::from(images.sixel_display));
    // At most IMAGES and PLACEMENTS.
    put_len16(body, images.list.len());
    for image in &images.list {
        put_u64(body, image.serial);
        put_u32(body, image.id);
        put_u32(body, image.number);
        body.push(image.format as u8);
        put_u16(body, image.width);
        put_u16(body, image.height);
        put_bytes(body, &image.data);
    }
    put_len16(body, images.placements.len());
    for placement in &images.placements {
        put_u64(body, placement.image);
        put_u32(body, placement.id);
        body.push(u8::from(placement.is_virtual));
        put_u64(body, placement.row.0);
        let Source { x, y, width, height } = placement.source;
        let Placement { above, col, cols, rows, .. } = *placement;
        for side in [above, col, cols, rows, x, y, width, height] {
            put_u16(body, side);
        }
        put_u32(body, placement.z.cast_unsigned());
    }
    body.push(u8::from(images.pending.is_some()));
    if let Some(Pending { command, data, overflow }) = &images.pending {
        let Command { action, quiet, medium, compression, delete, more, numbers } = command;
        let flags = u8::from(*more) | u8::from(*overflow) << 1;
        body.extend_from_slice(&[*action, *quiet, *medium, *compression, *delete, flags]);
        numbers.iter().for_each(|number| put_u32(body, *number));
        put_bytes(body, data);
    }
}

pub(super) fn read(input: &mut Input<'_>) -> Read<Images> {
    let mut images = Images {
        seq: Seq(input.u64()?),
        named: input.u32()?,
        sixel_display: input.bool()?,
        ..Images::default()
    };
    let mut room = IMAGE_BYTES;
    let count = usize::from(input.u16()?);
    if count > IMAGES {
        return Err(Malformed);
    }
    for _ in 0..count {
        let image = read_image(input, &mut room)?;
        // Serials rise, because each is where its image ended.
        if images.list.last().is_some_and(|last| last.serial >= image.serial) {
            return Err(Malformed);
        }
        images.list.push(Arc::new(image));
    }
    let count = usize::from(input.u16()?);
    if count > PLACEMENTS {
        return Err(Malformed);
    }
    for _ in 0..count {
        let placement = read_placement(input)?;
        let image = images.find(placement.image).ok_or(Malformed)?;
        let Source { x, y, width, height } = placement.source;
        let inside =
            |from: u16, len: u16, side| u32::from(from) + u32::from(len) <= u32::from(side);
        if !inside(x, width, image.width) || !inside(y, height, image.height) {
            return Err(Malformed);
        }
        images.placements.push(placement);
    }
    if input.bool()? {
        let mut command = Command {
            action: input.byte()?,
            quiet: input.byte()?,
            medium: input.byte()?,
            compression: input.byte()?,
            delete: input.byte()?,
            ..Command::default()
        };
        let flags = input.byte()?;
        command.more = flags & 1 != 0;
        for number in &mut command.numbers {
            *number = input.u32()?;
        }
        let data = data(input, &mut room)?.to_vec();
        images.pending = Some(Pending { command, data, overflow: flags & 2 != 0 });
    }
    Ok(images)
}

fn data<'a>(input: &mut Input<'a>, room: &mut usize) -> Read<&'a [u8]> {
    let len = input.u32()? as usize;
    *room = room.checked_sub(len).ok_or(Malformed)?;
    input.take(len)
}

fn read_image(input: &mut Input<'_>, room: &mut usize) -> Read<Image> {
    let (serial, id, number) = (input.u64()?, input.u32()?, input.u32()?);
    let format = ImageFormat::from_number(input.byte()?.into()).ok_or(Malformed)?;
    let (width, height) = (input.u16()?, input.u16()?);
    let data = data(input, room)?;
    if !format.fits(width, height, data) {
        return Err(Malformed);
    }
    Ok(Image { serial, id, number, format, width, height, data: data.into() })
}

fn read_placement(input: &mut Input<'_>) -> Read<Placement> {
    let (image, id, is_virtual) = (input.u64()?, input.u32()?, input.bool()?);
    let row = RowId(input.u64()?);
    let mut sides = [0; 8];
    for side in &mut sides {
        *side = input.u16()?;
    }
    let [above, col, cols, rows, x, y, width, height] = sides;
    let source = Source { x, y, width, height };
    let z = input.u32()?.cast_signed();
    let placement = Placement { image, id, is_virtual, row, above, col, cols, rows, source, z };
    if placement.is_sound() { Ok(placement) } else { Err(Malformed) }
}
