//! How records keep the panes that float above a tab: tag 1 of [`super::LayoutChanged`]. A server that
//! does not know the tag finds a pane missing in the tree and passes the record over.

use bincode::{Decode, Encode};
use ccc_proto::{Ext, PaneId, WireNode};

use crate::core::layout::{Floating, MAX_FLOATING, Side};
use crate::core::record::MAX_RECORD;

const FLOATING: u16 = 1;

/// One floating pane as it is kept.
#[derive(Debug, Encode, Decode)]
struct FloatingKept {
    pane: PaneId,
    width: u32,
    height: u32,
    beside: PaneId,
    /// 1 right, 2 down, 3 left, 4 up.
    side: u16,
    /// The tree that it stood in; empty when it is not known.
    before: Vec<WireNode>,
    ext: Ext,
}

pub(super) fn to_ext(floating: &[Floating]) -> Ext {
    let mut ext = Ext::none();
    if floating.is_empty() {
        return ext;
    }
    let kept: Vec<FloatingKept> = floating
        .iter()
        .map(|one| FloatingKept {
            pane: one.pane,
            width: one.width,
            height: one.height,
            beside: one.beside,
            side: number(one.side),
            before: one.before(),
            ext: Ext::none(),
        })
        .collect();
    // Plain values into memory.
    if let Ok(bytes) = bincode::encode_to_vec(&kept, bincode::config::standard()) {
        ext.push(FLOATING, bytes);
    }
    ext
}

/// `None` when the bytes make no sense.
pub(super) fn from_ext(ext: &Ext) -> Option<Vec<Floating>> {
    /// What a record can hold, and a factor for what stands in memory.
    const MEMORY: usize = MAX_RECORD * 64;
    let Some(bytes) = ext.find(FLOATING) else { return Some(Vec::new()) };
    let config = bincode::config::standard().with_limit::<MEMORY>();
    let (kept, used) = bincode::decode_from_slice::<Vec<FloatingKept>, _>(bytes, config).ok()?;
    if used != bytes.len() || kept.len() > MAX_FLOATING {
        return None;
    }
    kept.iter()
        .map(|one| {
            let (size, home) = ((one.width, one.height), (one.beside, side(one.side)?));
            Some(Floating::kept(one.pane, size, home, &one.before))
        })
        .collect()
}

const fn number(side: Side) -> u16 {
    match side {
        Side::Right => 1,
        Side::Down => 2,
        Side::Left => 3,
        Side::Up => 4,
    }
}

const fn side(number: u16) -> Option<Side> {
    match number {
        1 => Some(Side::Right),
        2 => Some(Side::Down),
        3 => Some(Side::Left),
        4 => Some(Side::Up),
        _ => None,
    }
}
