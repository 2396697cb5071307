//! One value of every message at least, with nothing left empty in the first of each kind, so that
//! every nested body is there to be read. The golden vectors hold their bytes.

mod commands;
mod control;
mod copy;
mod forward;
mod listing;
mod pairing;
mod replay;
mod request;
mod screen;
mod search;

use ccc_proto::{Ext, Message};

/// A number that no list has yet.
pub(crate) const FUTURE_NUMBER: u16 = 60_000;
/// A tag that no list has yet.
pub(crate) const FUTURE_TAG: u16 = 61_000;

/// Which peer writes the samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writer {
    /// One of this version.
    Ours,
    /// One that has another number in every closed set and another tag in every extension list.
    Future,
}

impl Writer {
    /// An extension list.
    fn ext(self) -> Ext {
        let mut ext = Ext::none();
        if self == Self::Future {
            ext.push(FUTURE_TAG, [1, 2, 3]);
        }
        ext
    }

    /// A number of a closed set.
    fn number(self, known: u16) -> u16 {
        match self {
            Self::Ours => known,
            Self::Future => FUTURE_NUMBER,
        }
    }
}

/// All samples, in the order of their numbers. Those of one number stand together; the first of
/// them leaves nothing empty.
pub(crate) fn all(writer: Writer) -> Vec<Message> {
    let mut all = control::messages(writer);
    all.extend(screen::messages(writer));
    all.extend(request::messages(writer));
    all.extend(listing::messages(writer));
    all.extend(commands::messages(writer));
    all.extend(copy::messages(writer));
    all.extend(pairing::messages(writer));
    all.extend(replay::messages(writer));
    all.extend(search::messages(writer));
    all.extend(forward::messages(writer));
    all.sort_by_key(Message::number);
    all
}
