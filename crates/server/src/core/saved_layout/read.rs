//! Text to a session. Strict: an unknown key is an error, because it is a misspelt one.

use std::collections::BTreeSet;
use std::ops::Range;

use ccc_proto::{NodeKind, PaneId, WireNode, WireSize};
use serde::Deserialize;
use toml::Spanned;

use super::{SavedLayoutError, SavedPane, SavedSession, SavedTab, VERSION};
use crate::core::label::{NameOf, check_name};
use crate::core::layout::{Layout, MAX_DEPTH, MAX_PANES, WHOLE};

/// The session of a text.
///
/// # Errors
/// It is no TOML, holds an unknown key, or describes no layout. The error names the line.
pub fn load(text: &str) -> Result<SavedSession, SavedLayoutError> {
    let wrong = |(span, why): Wrong| SavedLayoutError { line: line_of(text, span.start), why };
    let file: FileText = toml::from_str(text)
        .map_err(|error| wrong((error.span().unwrap_or_default(), error.message().to_owned())))?;
    file.build().map_err(wrong)
}

/// Where in the text something is wrong, and why.
type Wrong = (Range<usize>, String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    version: Spanned<u32>,
    name: Option<Spanned<String>>,
    #[serde(default)]
    tab: Vec<Spanned<TabText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TabText {
    name: Option<Spanned<String>>,
    focus: Option<Spanned<usize>>,
    layout: Spanned<NodeText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NodeText {
    share: Option<Spanned<u32>>,
    row: Option<Vec<Spanned<Self>>>,
    column: Option<Vec<Spanned<Self>>>,
    command: Option<Vec<String>>,
    cwd: Option<String>,
}

impl FileText {
    fn build(&self) -> Result<SavedSession, Wrong> {
        let version = *self.version.get_ref();
        if version != VERSION {
            let why = format!("version {version} of the format is not known here, {VERSION} is");
            return Err((self.version.span(), why));
        }
        let name = name_text(NameOf::Session, self.name.as_ref())?;
        if self.tab.is_empty() {
            return Err((0..0, "there is no [[tab]]".into()));
        }
        let mut names = BTreeSet::new();
        let mut tabs = Vec::new();
        for tab in &self.tab {
            let built = tab.get_ref().build()?;
            if !built.name.is_empty() && !names.insert(built.name.clone()) {
                return Err((tab.span(), format!("a tab called {:?} was before", built.name)));
            }
            tabs.push(built);
        }
        Ok(SavedSession { name, tabs })
    }
}

impl TabText {
    fn build(&self) -> Result<SavedTab, Wrong> {
        let mut tree = Tree { nodes: Vec::new(), panes: Vec::new() };
        tree.grow(&self.layout, 0, WHOLE, None, 0)?;
        let layout = Layout::from_flat(&tree.nodes)
            .map_err(|error| (self.layout.span(), error.to_string()))?;
        let focus = match &self.focus {
            None => 0,
            Some(focus) => match focus.get_ref().checked_sub(1) {
                Some(index) if index < tree.panes.len() => index,
                _ => {
                    let why = format!("there are {} panes to have the focus", tree.panes.len());
                    return Err((focus.span(), why));
                }
            },
        };
        let name = name_text(NameOf::Tab, self.name.as_ref())?;
        Ok(SavedTab { name, layout, panes: tree.panes, focus })
    }
}

fn name_text(of: NameOf, name: Option<&Spanned<String>>) -> Result<String, Wrong> {
    match name {
        Some(name) => {
            check_name(of, name.get_ref()).map_err(|error| (name.span(), error.to_string()))?;
            Ok(name.get_ref().clone())
        }
        None => Ok(String::new()),
    }
}

/// The flat form of a tree that is being read.
struct Tree {
    nodes: Vec<WireNode>,
    panes: Vec<SavedPane>,
}

impl Tree {
    fn grow(
        &mut self,
        node: &Spanned<NodeText>,
        parent: u16,
        ratio: u32,
        around: Option<NodeKind>,
        depth: usize,
    ) -> Result<(), Wrong> {
        let text = node.get_ref();
        let wrong = |why: String| Err((node.span(), why));
        let index = match u16::try_from(self.nodes.len()) {
            Ok(index) if usize::from(index) < 2 * MAX_PANES && depth <= MAX_DEPTH => index,
            _ => return wrong(format!("more than {MAX_PANES} panes, or {MAX_DEPTH} splits deep")),
        };
        let (kind, children) = match (&text.row, &text.column) {
            (Some(children), None) => (NodeKind::ROW, children.as_slice()),
            (None, Some(children)) => (NodeKind::COLUMN, children.as_slice()),
            (None, None) => (NodeKind::LEAF, &[][..]),
            (Some(_), Some(_)) => return wrong("this is both a row and a column".into()),
        };
        let mut wire = WireNode {
            kind,
            parent,
            ratio,
            server: 0,
            pane: PaneId(0),
            col: 0,
            row: 0,
            size: WireSize { cols: 0, rows: 0 },
        };
        if kind == NodeKind::LEAF {
            wire.pane = PaneId(self.panes.len() as u64);
            self.nodes.push(wire);
            self.panes.push(SavedPane {
                command: text.command.clone().unwrap_or_default(),
                cwd: text.cwd.clone().unwrap_or_default(),
            });
            return Ok(());
        }
        if text.command.is_some() || text.cwd.is_some() {
            return wrong(format!("this is a {kind} and cannot be a pane too"));
        }
        if children.len() < 2 {
            return wrong(format!("a {kind} needs at least two panes or splits"));
        }
        if around == Some(kind) {
            return wrong(format!("a {kind} in a {kind}: put its panes into the outer one"));
        }
        self.nodes.push(wire);
        for (child, ratio) in children.iter().zip(ratios(children)?) {
            self.grow(child, index, ratio, Some(kind), depth + 1)?;
        }
        Ok(())
    }
}

/// The shares of siblings in 1/65536, from what they are relative to each other.
fn ratios(children: &[Spanned<NodeText>]) -> Result<Vec<u32>, Wrong> {
    let share = |child: &Spanned<NodeText>| {
        child.get_ref().share.as_ref().map_or(1, |share| u64::from(*share.get_ref()))
    };
    let sum: u64 = children.iter().map(share).sum::<u64>().max(1);
    let mut before = 0;
    let mut end = 0;
    let mut ratios = Vec::new();
    for child in children {
        before += share(child);
        let bound = (before * u64::from(WHOLE) + sum / 2) / sum;
        let bound = u32::try_from(bound).unwrap_or(WHOLE);
        if bound <= end {
            let span = child.get_ref().share.as_ref().map_or_else(|| child.span(), Spanned::span);
            return Err((span, "this share is too small beside the others".into()));
        }
        ratios.push(bound - end);
        end = bound;
    }
    Ok(ratios)
}

fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}
