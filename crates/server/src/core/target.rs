//! From the text that people type to a session, tab and pane. Owns the grammar
//! `session[:tab[.pane]]` and the order in which names, ids and grammar are tried; the `host/` before
//! it is the client's affair.

use ccc_proto::{PaneId, SessionId, TabId, limits};

use super::house::{House, Session, Tab};

/// The longest target in bytes: two names and what is between.
const MAX_TARGET: usize = 2 * limits::NAME + 16;

/// Where a target points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub session: SessionId,
    pub tab: TabId,
    pub pane: PaneId,
    /// How much of it the text named; the rest is where focus is.
    pub depth: Depth,
}

/// What a target names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    Session,
    Tab,
    Pane,
}

/// Why a target points nowhere.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    #[error("no session is here")]
    NothingHere,
    #[error("no session, tab or pane is called {name:?}{}", but(.nearest.as_deref()))]
    NotFound { name: String, nearest: Option<String> },
    #[error("session {session:?} has no tab {name:?}{}", but(.nearest.as_deref()))]
    NoTab { session: String, name: String, nearest: Option<String> },
    #[error("tab {tab} of session {session:?} has no pane {name:?}{}", but(.nearest.as_deref()))]
    NoPane { session: String, tab: u16, name: String, nearest: Option<String> },
    #[error("pane {0} was closed; its recording is still there")]
    Closed(PaneId),
    #[error("a target of {length} bytes is longer than {cap}")]
    TooLong { length: usize, cap: usize },
}

fn but(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; the nearest is {name:?}"))
}

/// A target, parsed by the grammar alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Where the asker stands.
    Here,
    Session(SessionId),
    Tab(TabId),
    Pane(PaneId),
    /// `session[:tab[.pane]]`; an empty session is the asker's.
    Path {
        session: String,
        tab: Option<String>,
        pane: Option<String>,
    },
}

impl Target {
    /// Parses a target. Every text is one: what cannot be an id or a path is a session's name.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if text.is_empty() {
            return Self::Here;
        }
        if let Ok(id) = text.parse() {
            return Self::Session(id);
        }
        if let Ok(id) = text.parse() {
            return Self::Tab(id);
        }
        if let Ok(id) = text.parse() {
            return Self::Pane(id);
        }
        let Some((session, rest)) = text.split_once(':') else {
            return Self::Path { session: text.into(), tab: None, pane: None };
        };
        let (tab, pane) = match rest.rsplit_once('.') {
            Some((tab, pane)) => (tab, Some(pane.into())),
            None => (rest, None),
        };
        Self::Path { session: session.into(), tab: Some(tab.into()), pane }
    }
}

impl House {
    /// The place that `text` names for somebody who stands in the pane `asker`, or in none.
    ///
    /// Names are compared whole first (a session's, then a tab's of the asker's session), then ids,
    /// then the grammar; its parts are compared the same way, so that `feat/x:v1.2.3` finds tab
    /// `v1.2.3` before pane 3 of tab `v1.2`.
    ///
    /// # Errors
    /// Nothing has that name; the error says what is nearest.
    pub fn resolve(&self, text: &str, asker: Option<PaneId>) -> Result<Place, TargetError> {
        if text.len() > MAX_TARGET {
            return Err(TargetError::TooLong { length: text.len(), cap: MAX_TARGET });
        }
        let here = asker.and_then(|pane| self.session_of(pane));
        if let Some(session) = self.session_named(text) {
            return self.in_session(session);
        }
        if let Some(session) = here.and_then(|session| self.session(session))
            && let Some(tab) =
                self.tabs_of(session).find(|tab| !text.is_empty() && tab.name == text)
        {
            return in_tab(session, tab);
        }
        match Target::parse(text) {
            Target::Here => match asker.filter(|pane| self.pane(*pane).is_some()) {
                Some(pane) => self.in_pane(pane),
                None => {
                    let session = here.or_else(|| self.last_used());
                    let session = session.and_then(|session| self.session(session));
                    self.in_session(session.ok_or(TargetError::NothingHere)?)
                }
            },
            Target::Session(id) => {
                self.in_session(self.session(id).ok_or_else(|| self.not_found(text))?)
            }
            Target::Tab(id) => {
                let tab = self.tab(id).ok_or_else(|| self.not_found(text))?;
                in_tab(self.session(tab.session).ok_or_else(|| self.not_found(text))?, tab)
            }
            Target::Pane(id) if self.closed_pane(id).is_some() => Err(TargetError::Closed(id)),
            Target::Pane(id) => self.in_pane(id),
            Target::Path { .. } => self.in_path(text, here),
        }
    }

    /// The grammar: each colon may be the one that ends the session's name, the first that fits
    /// wins, because names may hold colons.
    fn in_path(&self, text: &str, here: Option<SessionId>) -> Result<Place, TargetError> {
        let splits = text.match_indices(':').map(|(at, _)| (&text[..at], &text[at + 1..]));
        let mut failed = None;
        for (name, rest) in splits {
            let session = match name {
                "" => here.or_else(|| self.last_used()).and_then(|session| self.session(session)),
                _ => self
                    .session_named(name)
                    .or_else(|| name.parse().ok().and_then(|session| self.session(session))),
            };
            let Some(session) = session else {
                continue;
            };
            match self.in_tab_text(session, rest) {
                Ok(place) => return Ok(place),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        Err(failed.unwrap_or_else(|| {
            let name = text.split_once(':').map_or(text, |(session, _)| session);
            self.not_found(if name.is_empty() { text } else { name })
        }))
    }

    /// `tab[.pane]` of a session.
    fn in_tab_text(&self, session: &Session, text: &str) -> Result<Place, TargetError> {
        if text.is_empty() {
            return self.in_session(session);
        }
        if let Some(tab) = self.tab_named(session, text) {
            return in_tab(session, tab);
        }
        let (tab_text, pane_text) = text.rsplit_once('.').unwrap_or((text, ""));
        let tab = match tab_text {
            "" => session.current.and_then(|tab| self.tab(tab)),
            name => self.tab_named(session, name),
        };
        let Some(tab) = tab else {
            let tabs = self.tabs_of(session).map(|tab| match tab.name.as_str() {
                "" => tab.number.to_string(),
                name => name.to_owned(),
            });
            return Err(TargetError::NoTab {
                session: session.name.clone(),
                name: tab_text.into(),
                nearest: nearest(tab_text, tabs),
            });
        };
        if pane_text.is_empty() {
            return in_tab(session, tab);
        }
        let panes = self.panes_in(tab.id);
        let mut panes = panes.iter().filter_map(|pane| self.pane(*pane));
        let named = panes
            .clone()
            .find(|pane| pane_text.parse() == Ok(pane.number) || pane_text.parse() == Ok(pane.id));
        match named {
            Some(pane) => self.in_pane(pane.id),
            None => Err(TargetError::NoPane {
                session: session.name.clone(),
                tab: tab.number,
                name: pane_text.into(),
                nearest: nearest(pane_text, panes.by_ref().map(|pane| pane.number.to_string())),
            }),
        }
    }

    /// A tab by its name, number or id.
    fn tab_named<'a>(&'a self, session: &'a Session, text: &str) -> Option<&'a Tab> {
        let named = self.tabs_of(session).find(|tab| tab.name == text);
        let numbered = || self.tabs_of(session).find(|tab| text.parse() == Ok(tab.number));
        let with_id = || self.tabs_of(session).find(|tab| text.parse() == Ok(tab.id));
        named.or_else(numbered).or_else(with_id)
    }

    fn tabs_of<'a>(&'a self, session: &'a Session) -> impl Iterator<Item = &'a Tab> {
        session.tabs.iter().filter_map(|tab| self.tab(*tab))
    }

    fn in_session(&self, session: &Session) -> Result<Place, TargetError> {
        let shown = |tab: &&Tab| tab.view.is_some();
        let current = session.current.and_then(|tab| self.tab(tab)).filter(shown);
        let tab = current.or_else(|| self.tabs_of(session).find(shown));
        let place = in_tab(session, tab.ok_or_else(|| self.not_found(&session.name))?)?;
        Ok(Place { depth: Depth::Session, ..place })
    }

    fn in_pane(&self, pane: PaneId) -> Result<Place, TargetError> {
        let found = self.pane(pane).and_then(|pane| Some((pane, self.tab(pane.tab)?)));
        let (pane, tab) = found.ok_or_else(|| self.not_found(&pane.to_string()))?;
        Ok(Place { session: tab.session, tab: tab.id, pane: pane.id, depth: Depth::Pane })
    }

    fn not_found(&self, name: &str) -> TargetError {
        let names = self.sessions().map(|session| session.name.clone());
        TargetError::NotFound { name: name.into(), nearest: nearest(name, names) }
    }
}

fn in_tab(session: &Session, tab: &Tab) -> Result<Place, TargetError> {
    let Some(view) = &tab.view else {
        let name = tab.number.to_string();
        return Err(TargetError::NoTab { session: session.name.clone(), name, nearest: None });
    };
    Ok(Place { session: session.id, tab: tab.id, pane: view.focus, depth: Depth::Tab })
}

/// The candidate with the fewest edits to `name`, if they are at most half of it.
fn nearest(name: &str, candidates: impl Iterator<Item = String>) -> Option<String> {
    let cap = name.chars().count().div_ceil(2);
    let distances = candidates.map(|candidate| (strsim::levenshtein(name, &candidate), candidate));
    distances.filter(|(edits, _)| *edits <= cap).min().map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests;
