//! Numbers of a sequence, with ECMA-48's sub-parameters.

/// The most numbers (parameters and sub-parameters together) of a sequence; more are dropped.
pub(crate) const PARAMS: usize = 32;

/// The parameters of one sequence. A missing number is 0; numbers stop at 65535.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Params {
    values: [u16; PARAMS],
    /// Numbers that are complete.
    len: u8,
    /// Bit `n`: number `n` is a sub-parameter of the one before.
    subs: u32,
    /// The number being read.
    current: u16,
    /// The number being read follows a colon.
    current_sub: bool,
    /// Anything was read at all.
    begun: bool,
}

/// The raw state, for checkpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RawParams<'a> {
    pub(crate) values: &'a [u16],
    pub(crate) subs: u32,
    pub(crate) current: u16,
    pub(crate) current_sub: bool,
    pub(crate) begun: bool,
}

impl Params {
    #[inline]
    pub(super) fn clear(&mut self) {
        self.len = 0;
        self.subs = 0;
        self.current = 0;
        self.current_sub = false;
        self.begun = false;
    }

    #[inline]
    pub(super) fn digit(&mut self, digit: u8) {
        self.begun = true;
        self.current = self.current.saturating_mul(10).saturating_add(u16::from(digit));
    }

    /// Reads the parameters of a sequence of which nothing was read, if it has nothing but numbers and
    /// all of it is there, as nearly every one; says its final byte, and how many bytes it has. Else
    /// nothing is changed.
    #[inline]
    pub(super) fn read_whole(&mut self, bytes: &[u8]) -> Option<(u8, usize)> {
        /// So many digits do not overflow.
        const DIGITS: usize = 8;
        let (mut at, mut len, mut subs, mut sub) = (0, 0, 0_u32, false);
        loop {
            let (mut value, start) = (0_u32, at);
            let byte = loop {
                let byte = *bytes.get(at)?;
                at += 1;
                match byte.wrapping_sub(b'0') {
                    digit @ 0..=9 => {
                        value = value.wrapping_mul(10).wrapping_add(u32::from(digit));
                    }
                    _ => break byte,
                }
            };
            if at - start > DIGITS + 1 {
                return None;
            }
            // A final byte alone has no parameter; a separator alone ends the first.
            if at > 1 || matches!(byte, b';' | b':') {
                *self.values.get_mut(len)? = u16::try_from(value).ok()?;
                subs |= u32::from(sub) << len;
                len += 1;
            }
            match byte {
                b';' => sub = false,
                b':' => sub = true,
                0x40..=0x7e => {
                    // At most PARAMS.
                    self.len = u8::try_from(len).unwrap_or(0);
                    self.subs = subs;
                    self.current_sub = sub;
                    return Some((byte, at));
                }
                _ => return None,
            }
        }
    }

    /// Takes the digits that bytes begin with, and says how many there are.
    #[inline]
    pub(super) fn digits(&mut self, bytes: &[u8]) -> usize {
        let mut value = u32::from(self.current);
        let mut count = 0;
        while let Some(byte) = bytes.get(count)
            && let digit @ 0..=9 = byte.wrapping_sub(b'0')
        {
            value = (value * 10 + u32::from(digit)).min(u32::from(u16::MAX));
            count += 1;
        }
        if count > 0 {
            // It was kept below.
            self.current = u16::try_from(value).unwrap_or(u16::MAX);
            self.begun = true;
        }
        count
    }

    /// Ends a number at a separator; `colon` says which.
    #[inline]
    pub(super) fn next(&mut self, colon: bool) {
        self.push();
        self.begun = true;
        self.current_sub = colon;
    }

    /// Ends the last number at the final byte.
    #[inline]
    pub(super) fn finish(&mut self) {
        if self.begun {
            self.push();
            self.begun = false;
        }
    }

    #[inline]
    fn push(&mut self) {
        if let Some(slot) = self.values.get_mut(usize::from(self.len)) {
            *slot = self.current;
            self.subs |= u32::from(self.current_sub) << self.len;
            self.len += 1;
        }
        self.current = 0;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number `index`, 0 if missing. Sub-parameters count.
    #[inline]
    pub(crate) fn number(&self, index: usize) -> u16 {
        self.all().get(index).copied().unwrap_or(0)
    }

    /// Number `index` as a count: missing and 0 are 1.
    #[inline]
    pub(crate) fn count(&self, index: usize) -> usize {
        usize::from(self.number(index).max(1))
    }

    /// All numbers in order.
    #[inline]
    pub(crate) fn all(&self) -> &[u16] {
        self.values.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// All numbers, if none of them is a sub-parameter.
    #[inline]
    pub(crate) fn flat(&self) -> Option<&[u16]> {
        if self.subs == 0 { Some(self.all()) } else { None }
    }

    /// Each parameter with its sub-parameters.
    pub(crate) fn groups(&self) -> Groups<'_> {
        self.groups_from(0)
    }

    /// Each parameter from number `at` on.
    pub(crate) fn groups_from(&self, at: usize) -> Groups<'_> {
        Groups { params: self, at }
    }

    pub(crate) fn raw(&self) -> RawParams<'_> {
        RawParams {
            values: self.all(),
            subs: self.subs,
            current: self.current,
            current_sub: self.current_sub,
            begun: self.begun,
        }
    }

    /// The state that [`raw`](Self::raw) gave; `None` if there are too many numbers.
    pub(crate) fn from_raw(raw: RawParams<'_>) -> Option<Self> {
        let mut values = [0; PARAMS];
        values.get_mut(..raw.values.len())?.copy_from_slice(raw.values);
        Some(Self {
            values,
            len: u8::try_from(raw.values.len()).ok()?,
            subs: raw.subs,
            current: raw.current,
            current_sub: raw.current_sub,
            begun: raw.begun,
        })
    }
}

/// Iterator over parameters.
#[derive(Clone, Debug)]
pub(crate) struct Groups<'a> {
    params: &'a Params,
    at: usize,
}

impl<'a> Groups<'a> {
    /// Whether none is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.at >= self.params.all().len()
    }

    /// The next number, whatever separates it.
    pub(crate) fn flat(&mut self) -> Option<u16> {
        let value = self.params.all().get(self.at).copied();
        self.at += usize::from(value.is_some());
        value
    }
}

impl<'a> Iterator for Groups<'a> {
    type Item = &'a [u16];

    #[inline]
    fn next(&mut self) -> Option<&'a [u16]> {
        let all = self.params.all();
        let start = self.at;
        if start >= all.len() {
            return None;
        }
        let mut end = start + 1;
        while end < all.len() && self.params.subs & (1 << end) != 0 {
            end += 1;
        }
        self.at = end;
        all.get(start..end)
    }
}
