//! A session to text.

use std::fmt::Write as _;

use ccc_proto::{NodeKind, WireNode};
use ccc_vt::Size;

use super::{SavedPane, SavedSession, SavedTab, VERSION};

/// The text of a session. Reading it gives the session back, but for a zoom and the last preset.
#[must_use]
pub fn save(session: &SavedSession) -> String {
    let mut out = format!("version = {VERSION}\n");
    if !session.name.is_empty() {
        line(&mut out, 0, &format!("name = {}", quoted(&session.name)));
    }
    for tab in &session.tabs {
        out.push_str("\n[[tab]]\n");
        if !tab.name.is_empty() {
            line(&mut out, 0, &format!("name = {}", quoted(&tab.name)));
        }
        if tab.focus != 0 {
            line(&mut out, 0, &format!("focus = {}", tab.focus + 1));
        }
        // Shares do not depend on the area.
        let nodes = tab.layout.to_flat(Size::default());
        out.push_str("layout = ");
        node(&mut out, tab, &nodes, 0, None, 0);
        out.push('\n');
    }
    out
}

fn node(
    out: &mut String,
    tab: &SavedTab,
    nodes: &[WireNode],
    index: usize,
    share: Option<u32>,
    indent: usize,
) {
    let mut fields = Vec::new();
    fields.extend(share.map(|share| format!("share = {share}")));
    let kind = nodes[index].kind;
    if kind == NodeKind::LEAF {
        let pane = usize::try_from(nodes[index].pane.0).ok().and_then(|pane| tab.panes.get(pane));
        fields.extend(pane.map(pane_fields).unwrap_or_default());
        let space = if fields.is_empty() { "" } else { " " };
        out.push_str(&format!("{{{space}{}{space}}}", fields.join(", ")));
        return;
    }
    fields.push(format!("{} = [\n", if kind == NodeKind::ROW { "row" } else { "column" }));
    out.push_str("{ ");
    out.push_str(&fields.join(", "));
    let children = || {
        let behind = nodes.iter().enumerate().skip(index + 1);
        behind.filter(move |(_, node)| usize::from(node.parent) == index)
    };
    let unit = children().fold(0, |unit, (_, child)| common_divisor(unit, child.ratio)).max(1);
    let equal = children().all(|(_, child)| child.ratio == unit);
    for (child, wire) in children() {
        out.push_str(&" ".repeat(4 * (indent + 1)));
        node(out, tab, nodes, child, (!equal).then_some(wire.ratio / unit), indent + 1);
        out.push_str(",\n");
    }
    out.push_str(&" ".repeat(4 * indent));
    out.push_str("] }");
}

fn pane_fields(pane: &SavedPane) -> Vec<String> {
    let mut fields = Vec::new();
    if !pane.command.is_empty() {
        let words: Vec<_> = pane.command.iter().map(|word| quoted(word)).collect();
        fields.push(format!("command = [{}]", words.join(", ")));
    }
    if !pane.cwd.is_empty() {
        fields.push(format!("cwd = {}", quoted(&pane.cwd)));
    }
    fields
}

fn line(out: &mut String, indent: usize, text: &str) {
    out.push_str(&" ".repeat(4 * indent));
    out.push_str(text);
    out.push('\n');
}

/// A basic string of TOML on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            // Writing into a string cannot fail.
            char if char.is_control() => drop(write!(out, "\\u{:04X}", u32::from(char))),
            char => out.push(char),
        }
    }
    out.push('"');
    out
}

fn common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}
