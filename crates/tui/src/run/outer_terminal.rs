//! The terminal around: what it answers, and giving it back. Owns that all who need it learn what it can.

use std::io;

use super::Loop;
use crate::outer;
use crate::stdin::TerminalReply;

impl Loop {
    /// The terminal answers, or tells something by itself.
    pub(super) fn hear(&mut self, reply: &TerminalReply) {
        match reply {
            TerminalReply::KeyboardFlags(flags) => self.parser.set_kitty_keys(!flags.is_empty()),
            TerminalReply::Theme(_) => {
                self.terminal.out().extend_from_slice(outer::COLOR_QUESTIONS);
            }
            _ => {}
        }
        if self.outer.on_reply(reply) {
            self.tell_facts();
        }
        self.learn();
    }

    /// Draws from now on as the terminal is known to be.
    pub(super) fn learn(&mut self) {
        self.writer.learn(self.outer.abilities());
        self.app.graphics = self.outer.abilities().graphics;
    }

    pub(super) fn tell_facts(&mut self) {
        self.attachment.client_facts(self.outer.facts());
        let size = self.app.layout_area();
        self.attachment.client_size(size, self.outer.pixels(size));
    }

    /// Takes back what the terminal would go on showing.
    pub(super) fn leave(&mut self) {
        self.writer.finish(self.terminal.out());
        self.terminal.try_flush();
    }

    pub(super) fn suspend(&mut self) -> io::Result<()> {
        self.leave();
        self.terminal.suspend()?;
        self.writer.begin_again();
        self.app.size = self.terminal.size()?;
        Ok(())
    }
}
