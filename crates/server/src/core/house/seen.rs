//! The house as somebody sees it who may not know of every session: the same, without the others. What is
//! listed, searched, named in an error or taken as the last used is taken from it, so that nothing of
//! the rest can show.

use ulid::Ulid;

use super::House;

impl House {
    /// A copy that holds only these sessions, with their tabs, panes and closed panes.
    #[must_use]
    pub fn seen(&self, sees: impl Fn(Ulid) -> bool) -> Self {
        let mut seen = self.clone();
        seen.sessions.retain(|_, session| sees(session.ulid));
        seen.tabs.retain(|_, tab| seen.sessions.contains_key(&tab.session));
        seen.panes.retain(|_, pane| seen.tabs.contains_key(&pane.tab));
        seen.closed.retain(|_, pane| seen.sessions.contains_key(&pane.session));
        seen.later.clear();
        seen
    }
}
