//! Codes that are read aloud: open offers, each good for one try. They are kept in memory alone: a restart
//! ends them, and what is on the disk helps nobody to guess one.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::core::roster::Invitation;
use crate::secret::random;

/// Open codes at a time.
const OPEN: usize = 5;
/// How long a code lasts at most: it is read aloud now.
pub(crate) const LONGEST: Duration = Duration::from_secs(5 * 60);
/// Words of a code: 32 bits, of which one guess is tried.
const WORDS: usize = 4;
/// Numbers in front of the words: three digits.
const NUMBERS: std::ops::Range<u32> = 100..1000;

#[derive(Debug, Default)]
pub(crate) struct Codes(Mutex<BTreeMap<u32, Offer>>);

/// What whoever has the code is enrolled by.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    pub(crate) words: String,
    pub(crate) invitation: Invitation,
    until: Instant,
}

impl Codes {
    /// Opens a code; `None` when as many are open as may be. Gives its text.
    pub(crate) fn open(
        &self,
        invitation: Invitation,
        lasts: Duration,
        now: Instant,
    ) -> Option<String> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, offer| now < offer.until);
        if open.len() >= OPEN {
            return None;
        }
        let numbers: Vec<u32> = NUMBERS.filter(|number| !open.contains_key(number)).collect();
        let chosen = usize::try_from(u32::from_le_bytes(random())).unwrap_or(0) % numbers.len();
        let number = *numbers.get(chosen)?;
        let words: [u8; WORDS] = random();
        let words = words.map(ccc_net::word).join("-");
        let text = format!("{number}-{words}");
        let until = now + lasts.min(LONGEST);
        open.insert(number, Offer { words, invitation, until });
        Some(text)
    }

    /// Takes an offer for the one try that it is good for.
    pub(super) fn take(&self, number: u32, now: Instant) -> Option<Offer> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&number).filter(|offer| now < offer.until)
    }

    /// Takes an offer back by the id of its invitation.
    pub(crate) fn revoke(&self, id: &str) -> bool {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = open.len();
        open.retain(|_, offer| offer.invitation.id != id);
        open.len() < before
    }

    /// Takes back all offers but those that still stand. Gives the ids of the others.
    pub(crate) fn retain(&self, stands: impl Fn(&Invitation) -> bool) -> Vec<String> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let over = open.extract_if(.., |_, offer| !stands(&offer.invitation));
        over.map(|(_, offer)| offer.invitation.id).collect()
    }

    /// The invitations of open codes.
    pub(crate) fn invitations(&self, now: Instant) -> Vec<Invitation> {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let open = open.values().filter(|offer| now < offer.until);
        open.map(|offer| offer.invitation.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use ccc_proto::InviteKind;

    use super::*;
    use crate::core::authorize::Role;

    fn invitation(id: &str) -> Invitation {
        Invitation {
            id: id.into(),
            by: None,
            kind: InviteKind::CODE,
            hash: Vec::new(),
            role: Role::Viewer,
            name: String::new(),
            all_sessions: false,
            grants: Vec::new(),
            expires_unix_ms: 0,
        }
    }

    #[test]
    fn a_code_is_good_for_one_try_and_a_few_are_open() {
        let (codes, now) = (Codes::default(), Instant::now());
        let texts: Vec<String> = (0..OPEN)
            .map(|n| codes.open(invitation(&n.to_string()), LONGEST, now).unwrap())
            .collect();
        assert_eq!(codes.open(invitation("x"), LONGEST, now), None);
        let (number, words) = texts[0].split_once('-').unwrap();
        let number = number.parse().unwrap();
        assert_eq!(words.split('-').count(), WORDS);
        assert_eq!(codes.take(number, now).unwrap().words, words);
        assert!(codes.take(number, now).is_none());
        assert!(codes.revoke("1") && !codes.revoke("1"));
        assert_eq!(codes.retain(|invitation| invitation.id != "2"), ["2"]);
        assert_eq!(codes.invitations(now).len(), OPEN - 3);
        assert!(codes.invitations(now + LONGEST).is_empty());
        let day = Duration::from_secs(86_400);
        codes.open(invitation("y"), day, now).unwrap();
        assert!(codes.invitations(now + LONGEST).is_empty(), "it lasts longer than a call");
    }
}
