//! Files opened in an editor, in a pane of its own that goes when the editor does. Owns the command
//! line of the editor, and how one is told a line.

use std::path::Path;
use std::time::Instant;

use ccc_client::proto::{
    Direction, Ext, PaneClose, PaneState, PaneStatus, Spawn, Split, TabNew, WireExit,
};

use super::actions::{ask, request};
use super::{App, Effect, Purpose};

/// Editors that take the line behind the file, after a colon; all others take `+LINE` before it.
const COLON: &[&str] = &["hx", "helix", "code", "codium", "zed", "subl", "micro"];
/// Opens the file and removes it afterwards.
const SCRIPT: &str = r#"file=$1; shift; "$@" "$file"; status=$?; rm -f -- "$file"; exit $status"#;

impl App {
    /// Opens a file that was written for this in a tab of its own.
    pub(super) fn edit_kept(&mut self, path: &Path, now: Instant, effects: &mut Vec<Effect>) {
        let file = path.as_os_str().as_encoded_bytes().to_vec();
        let script = ["/bin/sh", "-c", SCRIPT, "sh"].map(|word| word.as_bytes().to_vec());
        let editor = self.settings.editor_words().into_iter().map(String::into_bytes);
        let argv = script.into_iter().chain([file]).chain(editor).collect();
        let spawn = Spawn { argv, ..self.spawn_here() };
        self.edit_in_tab(spawn, now, effects);
    }

    fn edit_in_tab(&mut self, spawn: Spawn, now: Instant, effects: &mut Vec<Effect>) {
        let new = TabNew {
            target: self.pane.to_string(),
            name: String::new(),
            background: false,
            spawn,
            ext: Ext::none(),
        };
        self.going(now);
        effects.push(request(new, Purpose::Editor { moves: self.moves }));
    }

    /// Opens a file that a program named, at a line, beside that program: relative names mean what
    /// they mean there.
    pub(super) fn edit_at(
        &mut self,
        file: &str,
        line: Option<u32>,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        let words = at_line(self.settings.editor_words(), file, line);
        let argv = words.into_iter().map(String::into_bytes).collect();
        let spawn = Spawn { argv, ..self.spawn_here() };
        if self.floats(self.pane) {
            // Nothing stands beside what floats.
            return self.edit_in_tab(spawn, now, effects);
        }
        let split = Split {
            target: self.pane.to_string(),
            direction: Direction::RIGHT,
            cells: 0,
            percent: 0,
            background: false,
            revision: 0,
            spawn,
            ext: Ext::none(),
        };
        self.going(now);
        effects.push(request(split, Purpose::Editor { moves: self.moves }));
    }

    /// An editor that ended well leaves nothing to look at.
    pub(super) fn close_editor(&mut self, status: &PaneStatus, effects: &mut Vec<Effect>) {
        let ended = matches!(status.state, PaneState::EXITED | PaneState::ENDED);
        if ended && self.editors.remove(&status.pane) && WireExit::status(status.exit) == Some(0) {
            ask(PaneClose { target: status.pane.to_string(), ext: Ext::none() }, effects);
        }
    }
}

/// The command line that opens a file at a line.
fn at_line(mut editor: Vec<String>, file: &str, line: Option<u32>) -> Vec<String> {
    let program = editor.first().map_or("", String::as_str);
    let name = program.rsplit('/').next().unwrap_or(program).to_owned();
    let dashes = file.starts_with('-');
    match line {
        Some(line) if COLON.contains(&name.as_str()) => {
            if name.starts_with("cod") {
                editor.push("--goto".into());
            }
            editor.push(format!("{file}:{line}"));
        }
        Some(line) => {
            editor.push(format!("+{line}"));
            editor.push(if dashes { format!("./{file}") } else { file.to_owned() });
        }
        None => editor.push(if dashes { format!("./{file}") } else { file.to_owned() }),
    }
    editor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_editor_is_told_a_line_in_its_way() {
        let words = |editor: &[&str], line| {
            let editor = editor.iter().map(|word| (*word).to_owned()).collect();
            at_line(editor, "src/a.rs", line).join(" ")
        };
        assert_eq!(words(&["vim"], Some(7)), "vim +7 src/a.rs");
        assert_eq!(words(&["/usr/bin/hx"], Some(7)), "/usr/bin/hx src/a.rs:7");
        assert_eq!(words(&["code", "-w"], Some(7)), "code -w --goto src/a.rs:7");
        assert_eq!(words(&["emacs", "-nw"], None), "emacs -nw src/a.rs");
        let odd = at_line(vec!["vi".into()], "-c!sh", None);
        assert_eq!(odd, ["vi", "./-c!sh"]);
    }
}
