//! Commands and their records, one by one; `life` holds the properties of long lives. Here is what
//! they share: a house that logs what it applies.

mod floating;
mod life;
mod listing;
mod pane;
mod record;
mod session;
mod tab;

use ccc_proto::{Ext, PaneState, SessionState, TabInfo, WireExit, WireExitKind, WireSize};

use super::*;
use crate::core::label::NameError;
use crate::core::layout::{LayoutError, Preset, Side, SplitSize};
use crate::core::record::Author;
use crate::core::target::Depth;

const AREA: Size = Size::new(80, 24);
const S1: SessionId = SessionId(1);
const T1: TabId = TabId(1);
const T2: TabId = TabId(2);
const P1: PaneId = PaneId(1);
const P2: PaneId = PaneId(2);
const P3: PaneId = PaneId(3);

fn exit(code: i32) -> WireExit {
    WireExit { kind: WireExitKind::CODE, value: code }
}

fn author() -> Author {
    Author { principal: "ann".into(), connection: 4, unix_ms: 1000, ext: Ext::none() }
}

fn shell(ulid: u128) -> NewPane {
    NewPane { ulid: Ulid(ulid), spec: PaneSpec { cwd: b"/src".into(), ..PaneSpec::default() } }
}

fn command(ulid: u128, words: &[&str]) -> NewPane {
    let argv = words.iter().map(|word| word.as_bytes().to_vec()).collect();
    NewPane { ulid: Ulid(ulid), spec: PaneSpec { argv, ..PaneSpec::default() } }
}

fn new_session(name: &str) -> NewSession {
    NewSession {
        name: name.into(),
        ulid: Ulid(100),
        ttl_ms: 0,
        pane: shell(1),
        size: AREA,
        remember: true,
    }
}

fn new_tab(name: &str) -> NewTab {
    NewTab { session: S1, name: name.into(), pane: shell(2), size: None, remember: false }
}

fn split_of(pane: PaneId) -> SplitPane {
    SplitPane {
        pane,
        side: Side::Right,
        size: SplitSize::Half,
        revision: 0,
        new: shell(3),
        remember: false,
    }
}

/// A house that logs and applies what its commands answer.
#[derive(Default)]
struct Running {
    house: House,
    log: Vec<Record>,
}

impl Running {
    /// `work`: tab 1 with p1 and p2, both shells.
    fn work() -> Self {
        let mut running = Self::default();
        running.run(|house, author| house.new_session(author, new_session("work"))).unwrap();
        running.run(|house, author| house.split(author, split_of(P1))).unwrap();
        running
    }

    fn run(
        &mut self,
        command: impl FnOnce(&House, &Author) -> Result<Plan, Refusal>,
    ) -> Result<Plan, Refusal> {
        let plan = command(&self.house, &author())?;
        for record in &plan.records {
            self.house.apply(record);
            self.log.push(record.clone());
        }
        assert_eq!(self.house.ignored(), 0, "a command's own record made no sense: {plan:?}");
        Ok(plan)
    }

    fn tree(&self, tab: TabId) -> Vec<(u64, Size)> {
        let tab = self.house.tab(tab).unwrap();
        let sizes = tab.view.as_ref().unwrap().layout.sizes(tab.size).into_iter();
        sizes.map(|(pane, size)| (pane.0, size)).collect()
    }

    fn focus(&self, tab: TabId) -> PaneId {
        self.house.tab(tab).unwrap().view.as_ref().unwrap().focus
    }

    fn names(&self, plan: &Plan) -> Vec<&'static str> {
        plan.records.iter().map(|record| record.change.name()).collect()
    }
}
