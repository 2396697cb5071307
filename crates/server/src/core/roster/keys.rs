//! The keys of a principal: another one takes the place of those before. It is promised first, and takes the
//! place when it comes, so that a change of keys that was begun and not finished costs nothing.

use ccc_proto::Ext;

use super::{Change, KeyAdded, KeyOver, KeyPromised, Roster, RosterRefusal};

/// How long a key is good that was replaced: other programs of its owner may still use it.
pub const OLD_KEY_MS: u64 = 24 * 60 * 60 * 1000;
/// Keys of one principal at a time: one for each change within [`OLD_KEY_MS`].
pub const KEYS: usize = 8;

impl Roster {
    /// Promises another key to a principal, at the wish of one of its keys.
    ///
    /// # Errors
    /// The principal has no keys, the key that asks is on its way out or has not come itself, or the new
    /// one is somebody's.
    pub fn promise(
        &self,
        id: &str,
        by: &str,
        new: &str,
        now_ms: u64,
    ) -> Result<Vec<Change>, RosterRefusal> {
        let member = self.member(id).filter(|member| member.token.is_none());
        let member = member.ok_or_else(|| RosterRefusal::Unknown(id.to_owned()))?;
        // Whoever was interrupted begins again with the same key.
        if member.keys.get(new) == Some(&0) {
            return Ok(Vec::new());
        }
        if self.holder(new, now_ms).is_some() {
            return Err(RosterRefusal::KeyKnown);
        }
        if member.keys.get(by) != Some(&0) || member.next.as_deref() == Some(by) {
            return Err(RosterRefusal::KeyLeaves);
        }
        let stay = member.keys.keys().filter(|key| member.next.as_ref() != Some(key)).count();
        if stay >= KEYS {
            return Err(RosterRefusal::TooManyKeys(stay));
        }
        let (principal, key) = (id.to_owned(), new.to_owned());
        Ok(vec![KeyPromised { principal, key, ext: Ext::none() }.into()])
    }

    /// A key has come: what follows if it was promised.
    #[must_use]
    pub fn came(&self, key: &str, now_ms: u64) -> Vec<Change> {
        let is_next = |member: &&super::Member| member.next.as_deref() == Some(key);
        let Some(member) = self.holder(key, now_ms).filter(is_next) else { return Vec::new() };
        let (principal, key) = (member.principal.id.clone(), key.to_owned());
        let others_until_unix_ms = now_ms.saturating_add(OLD_KEY_MS);
        vec![KeyAdded { principal, key, others_until_unix_ms, ext: Ext::none() }.into()]
    }

    /// Keys that are over without anybody having said so.
    pub(super) fn stale_keys(&self, now_ms: u64) -> impl Iterator<Item = Change> {
        self.members.values().flat_map(move |member| {
            let over = member.keys.iter().filter(move |(_, until)| (1..=now_ms).contains(*until));
            over.map(|(key, _)| {
                let (principal, key) = (member.principal.id.clone(), key.clone());
                KeyOver { principal, key, ext: Ext::none() }.into()
            })
        })
    }

    pub(super) fn key_promised(&mut self, promised: &KeyPromised) -> Option<String> {
        let member = self.members.get_mut(&promised.principal)?;
        // One that never came is nobody's any more.
        if let Some(former) = member.next.replace(promised.key.clone()) {
            member.keys.remove(&former);
        }
        member.keys.insert(promised.key.clone(), 0);
        None
    }

    pub(super) fn key_added(&mut self, added: &KeyAdded) -> Option<String> {
        let member = self.members.get_mut(&added.principal)?;
        for until in member.keys.values_mut() {
            let earlier = if *until == 0 { u64::MAX } else { *until };
            *until = earlier.min(added.others_until_unix_ms);
        }
        member.keys.insert(added.key.clone(), 0);
        member.next.take_if(|next| *next == added.key);
        None
    }

    pub(super) fn key_over(&mut self, over: &KeyOver) -> Option<String> {
        let member = self.members.get_mut(&over.principal)?;
        member.keys.remove(&over.key);
        None
    }
}
