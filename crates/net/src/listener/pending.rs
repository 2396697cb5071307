//! Hand-shakes under way and their bounds, and those of what strangers do after one. Owns the counting and what
//! counts as one source; packets are the listener's.
//!
//! A hand-shake holds about 45 KB until it is over, so the bounds together keep strangers below
//! 12 MB whatever they send.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// How many hand-shakes are under way at most.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// With addresses that were not proved. Beyond it an arrival has to prove its address first, which
    /// costs it one round trip and the server nothing: an address that is made up never gets that far.
    pub unproved: usize,
    pub in_all: usize,
    /// With one source whose address was proved, so that one machine cannot keep others waiting. A
    /// source is what [`source`] says. This machine is one too, through which others come by tunnels: it has
    /// all places but so many.
    pub per_source: usize,
}

/// The source of all that comes from this machine.
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

impl Bounds {
    /// How many places a source may have.
    fn of(&self, source: IpAddr) -> usize {
        if source == HERE { self.in_all - self.per_source } else { self.per_source }
    }
}

/// Those of QUIC.
const QUIC: Bounds = Bounds { unproved: 64, in_all: 256, per_source: 64 };

/// What to do with an arrival.
#[derive(Debug)]
pub enum Admission {
    Admitted(Slot),
    ProveAddress,
    Wait,
}

#[derive(Debug)]
pub struct Pending {
    counts: Mutex<Counts>,
    bounds: Bounds,
}

impl Default for Pending {
    fn default() -> Self {
        Self::within(QUIC)
    }
}

#[derive(Debug, Default)]
struct Counts {
    unproved: usize,
    in_all: usize,
    /// Only of sources with a hand-shake under way, hence at most as many entries as hand-shakes.
    per_source: HashMap<IpAddr, usize>,
}

/// A place among the hand-shakes under way, given back when dropped.
#[derive(Debug)]
pub struct Slot {
    pending: Arc<Pending>,
    source: IpAddr,
    proved: bool,
}

impl Pending {
    /// Nobody yet, and so many at most.
    pub fn within(bounds: Bounds) -> Self {
        Self { counts: Mutex::default(), bounds }
    }

    /// Takes one in, if there is room. Whether its address was proved says what it counts for.
    pub fn admit(pending: &Arc<Self>, from: IpAddr, proved: bool) -> Admission {
        let (source, bounds) = (source(from), pending.bounds);
        let mut counts = pending.lock();
        if !proved && counts.unproved >= bounds.unproved {
            return Admission::ProveAddress;
        }
        let of_source = counts.per_source.get(&source).copied().unwrap_or(0);
        if counts.in_all >= bounds.in_all || (proved && of_source >= bounds.of(source)) {
            return Admission::Wait;
        }
        counts.in_all += 1;
        if proved {
            *counts.per_source.entry(source).or_default() += 1;
        } else {
            counts.unproved += 1;
        }
        Admission::Admitted(Slot { pending: Arc::clone(pending), source, proved })
    }

    /// Whether a source has as many as one may have.
    pub(super) fn is_crowded_by(&self, from: IpAddr) -> bool {
        let source = source(from);
        let of_source = self.lock().per_source.get(&source).copied();
        of_source.unwrap_or(0) >= self.bounds.of(source)
    }

    pub(super) fn count(&self) -> usize {
        self.lock().in_all
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Counts> {
        // Counts are whole at every moment a panic could leave them.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut counts = self.pending.lock();
        counts.in_all -= 1;
        if !self.proved {
            counts.unproved -= 1;
            return;
        }
        if let Some(count) = counts.per_source.get_mut(&self.source) {
            *count -= 1;
            if *count == 0 {
                counts.per_source.remove(&self.source);
            }
        }
    }
}

/// Bits of an IPv6 address that tell sites apart: each is given 48 for as many networks as it likes, and one
/// that is given fewer shares its fate with its neighbours, as those behind one IPv4 address do.
const SITE_BITS: u32 = 48;

/// Whom an address stands for: an IPv4 address, or a whole site of IPv6.
pub fn source(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        here if here.is_loopback() => HERE,
        IpAddr::V6(address) => {
            let site = u128::from(address) & !(u128::MAX >> SITE_BITS);
            IpAddr::V6(Ipv6Addr::from(site))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn admitted(pending: &Arc<Pending>, from: &str, proved: bool) -> Slot {
        match Pending::admit(pending, address(from), proved) {
            Admission::Admitted(slot) => slot,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn made_up_addresses_are_asked_to_prove_themselves() {
        let pending = Arc::new(Pending::default());
        let mut slots: Vec<_> =
            (0..QUIC.unproved).map(|n| admitted(&pending, &format!("10.0.0.{n}"), false)).collect();
        let next = Pending::admit(&pending, address("192.0.2.1"), false);
        assert!(matches!(next, Admission::ProveAddress), "{next:?}");
        slots.push(admitted(&pending, "192.0.2.1", true));
        slots.remove(0);
        admitted(&pending, "192.0.2.1", false);
        drop(slots);
        assert_eq!(pending.count(), 0);
    }

    #[test]
    fn one_source_cannot_take_all_places() {
        let pending = Arc::new(Pending::default());
        let slots: Vec<_> = (0..QUIC.per_source)
            .map(|n| admitted(&pending, &format!("2001:db8::{n:x}"), true))
            .collect();
        let next = Pending::admit(&pending, address("2001:db8::ffff:1"), true);
        assert!(matches!(next, Admission::Wait), "{next:?}");
        let next = Pending::admit(&pending, address("2001:db8:0:1::1"), true);
        assert!(matches!(next, Admission::Wait), "another network of the same site: {next:?}");
        admitted(&pending, "2001:db8:1::1", true);
        drop(slots);
        assert!(pending.lock().per_source.is_empty());
    }

    #[test]
    fn this_machine_has_more_places_and_leaves_some_to_others() {
        let pending = Arc::new(Pending::default());
        let slots: Vec<_> = (0..QUIC.in_all - QUIC.per_source)
            .map(|n| admitted(&pending, &format!("127.0.{}.1", n % 3), true))
            .collect();
        for address_here in ["127.0.9.9", "::1", "::ffff:127.0.0.1"] {
            let next = Pending::admit(&pending, address(address_here), true);
            assert!(matches!(next, Admission::Wait), "{next:?}");
        }
        let others: Vec<_> =
            (0..QUIC.per_source).map(|_| admitted(&pending, "192.0.2.1", true)).collect();
        drop((slots, others));
        assert_eq!(pending.count(), 0);
    }

    #[test]
    fn there_is_a_bound_over_all() {
        let pending = Arc::new(Pending::default());
        let slots: Vec<_> = (0..QUIC.in_all)
            .map(|n| admitted(&pending, &format!("10.0.{}.{}", n / 8, n % 8), true))
            .collect();
        let next = Pending::admit(&pending, address("192.0.2.1"), true);
        assert!(matches!(next, Admission::Wait), "{next:?}");
        drop(slots);
        admitted(&pending, "192.0.2.1", true);
    }
}
