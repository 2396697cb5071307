//! Doing what the state wants done to the world. Owns which part does each effect, and what is said when the
//! server does not take one.

use std::io;
use std::time::Instant;

use ccc_client::input::Typed;
use ccc_client::proto::{InputEvent, PaneId};
use ccc_client::{LinkState, NotSent};

use super::{Loop, Taken};
use crate::app::{Effect, Event, Outcome};
use crate::keep;

impl Loop {
    /// Takes in what an effect led to.
    pub(super) fn follow(&mut self, event: Event) -> io::Result<Option<Outcome>> {
        Ok(match self.take(event, Instant::now())? {
            Taken::Left(outcome) => Some(outcome),
            Taken::PassedOn | Taken::Guessed | Taken::Printed | Taken::Changed => None,
        })
    }

    pub(super) fn do_effect(&mut self, effect: Effect) -> io::Result<Option<Outcome>> {
        let sent = match effect {
            Effect::Input { pane, events } => return self.input(pane, events),
            Effect::Interrupt(pane) => self.attachment.interrupt(pane).map(drop),
            Effect::Select { tab, pane } => self.attachment.select(tab, pane),
            Effect::Switch(target) => {
                self.elsewhere.stay();
                self.attachment.switch(&target)
            }
            Effect::AskElsewhere => return self.ask_elsewhere(),
            Effect::RequestElsewhere { machine, message, purpose } => {
                self.elsewhere.request(machine, *message, purpose, self.answer_tx.clone());
                Ok(())
            }
            Effect::Visit { machine, target } => {
                let area = self.app.layout_area();
                let visit = self.elsewhere.visit(machine.clone(), target, area);
                return match visit {
                    Ok(()) => Ok(None),
                    Err(error) => {
                        self.follow(Event::NotArrived { machine, why: error.to_string() })
                    }
                };
            }
            Effect::Stay => {
                self.elsewhere.stay();
                Ok(())
            }
            Effect::Attach(target) => {
                self.elsewhere.stay();
                self.attachment.attach(&target)
            }
            Effect::Request { message, purpose } => {
                self.request(*message, purpose);
                Ok(())
            }
            Effect::StopFinding => {
                self.stop_finding();
                Ok(())
            }
            Effect::Size(size) => {
                self.attachment.client_size(size, self.outer.pixels(size));
                Ok(())
            }
            Effect::LookAtFiles { pane, text, ways } => {
                self.look_at_files(pane, text, ways);
                Ok(())
            }
            Effect::TakeImage(pane) => {
                self.take_image(pane);
                Ok(())
            }
            Effect::Upload { pane, what } => {
                self.upload(pane, what);
                Ok(())
            }
            Effect::Copy(text) => {
                if let Some(out) = self.terminal.out_if_room() {
                    self.writer.copy(&text, out);
                }
                Ok(())
            }
            Effect::Scroll(rows) => {
                let picture = self.picture();
                self.writer.scroll(&rows, picture, self.terminal.out());
                Ok(())
            }
            Effect::Keep(text) => match keep::keep(&text) {
                Ok(path) => return self.follow(Event::Kept(path)),
                Err(error) => {
                    self.app.note_with("not-kept", &[("why", &error)]);
                    Ok(())
                }
            },
            Effect::Forward(plan) => {
                if !self.ports.forward(plan) {
                    self.app.note_key("port-local");
                }
                Ok(())
            }
            Effect::Open(command) => {
                if let Err(error) = keep::open(&command) {
                    self.app.note_with("not-opened", &[("why", &error)]);
                }
                Ok(())
            }
            Effect::ReadConfig => {
                let event = self.read_config();
                return self.follow(event);
            }
            Effect::Bell => {
                if let Some(out) = self.terminal.out_if_room() {
                    out.push(7);
                }
                Ok(())
            }
            Effect::Notify { title, body } => {
                if let Some(out) = self.terminal.out_if_room() {
                    self.writer.notify(&title, &body, out);
                }
                Ok(())
            }
            Effect::Suspend => {
                self.suspend()?;
                Ok(())
            }
            Effect::Quit(outcome) => {
                self.leave();
                // A link that takes nothing any more has lost the attachment anyway.
                let _told = self.attachment.detach();
                return Ok(Some(outcome));
            }
        };
        self.told(&sent);
        Ok(None)
    }

    fn told<T>(&mut self, sent: &Result<T, NotSent>) {
        if sent.is_err() && matches!(self.attachment.link_state(), LinkState::Live) {
            self.app.note_key("not-sent-slow");
        }
    }

    /// Sends input and guesses what it leads to.
    fn input(&mut self, pane: PaneId, events: Vec<InputEvent>) -> io::Result<Option<Outcome>> {
        let typed: Vec<Typed> = events.iter().filter_map(Typed::from_wire).collect();
        let sent = self.attachment.input(pane, events);
        if let Ok(number) = sent {
            self.app.guess(pane, number, &typed, &self.attachment, Instant::now());
        }
        self.told(&sent);
        Ok(None)
    }
}
