//! Interned styles, clusters and links of one screen. Numbers mean something only here; what leaves
//! the screen is resolved. Tables are compacted when they have outgrown what the grid can use, so
//! that a day of output stays flat.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::num::NonZeroU32;
use std::sync::Arc;

use crate::cell::{ClusterId, Content, PackedCell, StyleId};
use crate::codec::Look;
use crate::{Link, LinkId, Style};

mod styles;

use styles::Styles;

/// The longest address of a hyperlink, in bytes; a longer one is no link.
pub(crate) const URI_BYTES: usize = 2048;
/// The longest `id=` of a hyperlink, in bytes.
pub(crate) const LINK_ID_BYTES: usize = 256;
/// Tables below these sizes are never compacted.
const STYLES_FLOOR: usize = 2048;
const CLUSTERS_FLOOR: usize = 2048;
const LINKS_FLOOR: usize = 256;

#[derive(Debug)]
pub(crate) struct Tables {
    styles: Styles,
    clusters: Vec<Box<str>>,
    cluster_index: HashMap<Box<str>, u32, Fast>,
    /// Slot `n` is `LinkId(n + 1)`.
    links: Vec<Arc<Link>>,
    link_index: HashMap<Arc<Link>, u32, Fast>,
    link_bytes: usize,
    /// Sizes at which the next compaction is due.
    styles_due: usize,
    clusters_due: usize,
    links_due: usize,
}

impl Tables {
    pub(crate) fn new() -> Self {
        Self {
            styles: Styles::new(),
            clusters: Vec::new(),
            cluster_index: HashMap::default(),
            links: Vec::new(),
            link_index: HashMap::default(),
            link_bytes: 0,
            styles_due: STYLES_FLOOR,
            clusters_due: CLUSTERS_FLOOR,
            links_due: LINKS_FLOOR,
        }
    }

    #[inline]
    pub(crate) fn style(&self, id: StyleId) -> Style {
        self.styles.style(id)
    }

    /// A style as it is written.
    #[inline]
    pub(crate) fn look(&self, id: StyleId) -> Option<&Look> {
        self.styles.look(id)
    }

    /// The number of a style; that of the default one is 0.
    #[inline]
    pub(crate) fn style_id(&mut self, style: &Style) -> StyleId {
        self.styles.id(style)
    }

    pub(crate) fn cluster(&self, id: ClusterId) -> &str {
        self.clusters.get(id.0 as usize).map_or("", |text| text)
    }

    pub(crate) fn cluster_id(&mut self, text: &str) -> ClusterId {
        if let Some(id) = self.cluster_index.get(text) {
            return ClusterId(*id);
        }
        let id = number(self.clusters.len());
        self.clusters.push(text.into());
        self.cluster_index.insert(text.into(), id);
        ClusterId(id)
    }

    pub(crate) fn link(&self, id: LinkId) -> Option<&Arc<Link>> {
        self.links.get(id.0.get() as usize - 1)
    }

    /// The number of a link, if it is not too long. How many there are is bounded by who adds them.
    pub(crate) fn link_id(&mut self, link: Arc<Link>) -> Option<LinkId> {
        if let Some(id) = self.link_index.get(&link) {
            return NonZeroU32::new(*id).map(LinkId);
        }
        let bytes = link.uri.len() + link.id.len();
        if link.uri.len() > URI_BYTES || link.id.len() > LINK_ID_BYTES {
            return None;
        }
        self.links.push(Arc::clone(&link));
        let id = number(self.links.len());
        self.link_index.insert(link, id);
        self.link_bytes += bytes;
        NonZeroU32::new(id).map(LinkId)
    }

    /// Bytes of all links.
    pub(crate) fn link_bytes(&self) -> usize {
        self.link_bytes
    }

    pub(crate) fn compaction_due(&self) -> bool {
        self.styles.len() > self.styles_due
            || self.clusters.len() > self.clusters_due
            || self.links.len() > self.links_due
    }

    /// Starts a compaction: the returned value holds the old tables; every live number must go
    /// through it.
    pub(crate) fn compact(&mut self) -> Compaction {
        let old = std::mem::replace(self, Self::new());
        Compaction {
            styles: vec![None; old.styles.len()],
            clusters: vec![None; old.clusters.len()],
            old,
        }
    }

    /// Ends a compaction: the next one is due when as much garbage as live entries may exist, and
    /// at least an eighth of the grid, so that its cost stays in proportion.
    pub(crate) fn compacted(&mut self, cells: usize) {
        self.styles_due = (self.styles.len() * 2).max(STYLES_FLOOR).max(cells / 8);
        self.clusters_due = (self.clusters.len() * 2).max(CLUSTERS_FLOOR).max(cells / 8);
        self.links_due = (self.links.len() * 2).max(LINKS_FLOOR).max(cells / 8);
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.styles.heap_bytes()
            + self.clusters.iter().map(|text| 2 * (text.len() + 24)).sum::<usize>()
            + self.links.capacity() * 40
            + self.link_bytes
    }
}

/// Old numbers to new ones.
#[derive(Debug)]
pub(crate) struct Compaction {
    old: Tables,
    styles: Vec<Option<StyleId>>,
    clusters: Vec<Option<ClusterId>>,
}

impl Compaction {
    pub(crate) fn cell(&mut self, cell: &mut PackedCell, new: &mut Tables) {
        if cell.style != StyleId(0) {
            cell.style = self.style_id(cell.style, new);
        }
        if let Content::Cluster(id) = cell.glyph.content() {
            let mapped = match self.clusters.get(id.0 as usize).copied().flatten() {
                Some(mapped) => mapped,
                None => {
                    let mapped = new.cluster_id(self.old.cluster(id));
                    if let Some(slot) = self.clusters.get_mut(id.0 as usize) {
                        *slot = Some(mapped);
                    }
                    mapped
                }
            };
            cell.glyph = cell.glyph.with_cluster(mapped);
        }
    }

    /// A style held outside the grid (pen, saved cursor): only its link is a number.
    pub(crate) fn style(&self, style: Style, new: &mut Tables) -> Style {
        let link = style
            .link
            .and_then(|id| self.old.link(id))
            .and_then(|link| new.link_id(Arc::clone(link)));
        Style { link, ..style }
    }

    fn style_id(&mut self, id: StyleId, new: &mut Tables) -> StyleId {
        if let Some(mapped) = self.styles.get(id.0 as usize).copied().flatten() {
            return mapped;
        }
        let style = self.style(self.old.style(id), new);
        let mapped = new.style_id(&style);
        if let Some(slot) = self.styles.get_mut(id.0 as usize) {
            *slot = Some(mapped);
        }
        mapped
    }
}

fn number(len: usize) -> u32 {
    // Tables are compacted long before: a grid has at most 2^22 cells.
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// Multiply and rotate: keys are small and the tables bounded, so flooding them gains nothing.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct FastHasher(u64);
pub(crate) type Fast = BuildHasherDefault<FastHasher>;

impl FastHasher {
    #[inline]
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for FastHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.mix(u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            let word = rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
            self.mix(word);
        }
    }

    #[inline]
    fn write_u8(&mut self, value: u8) {
        self.mix(u64::from(value));
    }

    #[inline]
    fn write_u16(&mut self, value: u16) {
        self.mix(u64::from(value));
    }

    #[inline]
    fn write_u32(&mut self, value: u32) {
        self.mix(u64::from(value));
    }

    #[inline]
    fn write_u64(&mut self, value: u64) {
        self.mix(value);
    }

    #[inline]
    fn write_usize(&mut self, value: usize) {
        self.mix(value as u64);
    }

    #[inline]
    fn write_isize(&mut self, value: isize) {
        self.mix(value as u64);
    }
}
