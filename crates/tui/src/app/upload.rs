//! Files of this machine that are pasted into a pane of another one: the person is asked, they are put there, and
//! their paths there are typed. Owns the question and what is under way; looking at files and sending
//! them is the loop's.

use std::path::PathBuf;

use ccc_client::proto::PaneId;

use super::actions::paste_pieces;
use super::{App, Confirm, Effect, Layer};
use crate::config::PasteFiles;
use crate::pasted::{quoted, ways};
use crate::stdin::PasteChunk;

/// A file of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LocalFile {
    pub(crate) path: PathBuf,
    /// Bytes.
    pub(crate) size: u64,
}

/// What is put on the other machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Upload {
    File(LocalFile),
    /// What the clipboard holds, as a PNG file.
    Image(Vec<u8>),
}

/// There is no image to be had from the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoImage {
    /// No program is installed that could give it.
    NoProgram,
    /// The clipboard holds none.
    Empty,
    /// It is larger than anybody pastes.
    TooLarge,
}

/// How an upload is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UploadNews {
    /// So many bytes of this file are there.
    At {
        name: String,
        at: u64,
        size: u64,
    },
    /// All are there, at these paths.
    Done {
        pane: PaneId,
        paths: Vec<String>,
    },
    Failed {
        why: String,
    },
}

/// One upload at a time, and the question before it.
#[derive(Debug, Default)]
pub(super) struct Uploads {
    asked: Option<Pasted>,
    under_way: Option<UnderWay>,
}

/// What was pasted and turned out to name files.
#[derive(Debug)]
struct Pasted {
    pane: PaneId,
    text: String,
    files: Vec<LocalFile>,
}

#[derive(Debug)]
struct UnderWay {
    name: String,
    percent: u64,
}

impl App {
    /// Looks at what is pasted, if it may name files of this machine. Whether it is looked at.
    pub(super) fn look_at_paste(&self, chunk: &PasteChunk, effects: &mut Vec<Effect>) -> bool {
        let asks = self.settings.paste_files != PasteFiles::Never
            && self.machine.is_some()
            && self.raw.is_none()
            && self.writable();
        let whole = chunk.first && chunk.last;
        if !asks || !whole {
            return false;
        }
        let ways = ways(&chunk.text);
        if ways.is_empty() {
            return false;
        }
        effects.push(Effect::LookAtFiles { pane: self.pane, text: chunk.text.clone(), ways });
        true
    }

    /// What was pasted names these files; without any it is a text.
    pub(super) fn on_looked(
        &mut self,
        pane: PaneId,
        text: String,
        files: Vec<LocalFile>,
        effects: &mut Vec<Effect>,
    ) {
        self.gone();
        if files.is_empty() {
            paste_into(pane, &text, effects);
        } else if self.settings.paste_files == PasteFiles::Always {
            self.upload(pane, files.into_iter().map(Upload::File).collect(), effects);
        } else {
            self.uploads.asked = Some(Pasted { pane, text, files });
            self.layers.push(Layer::Confirm(Confirm::Upload));
        }
    }

    /// The person said yes, or with `as_text` that it is a text.
    pub(super) fn answer_upload(&mut self, as_text: bool, effects: &mut Vec<Effect>) {
        let Some(Pasted { pane, text, files }) = self.uploads.asked.take() else { return };
        if as_text {
            paste_into(pane, &text, effects);
        } else {
            self.upload(pane, files.into_iter().map(Upload::File).collect(), effects);
        }
    }

    /// Takes the image that the clipboard holds.
    pub(super) fn paste_image(&mut self, effects: &mut Vec<Effect>) {
        if self.writable() && self.layout.is_some() {
            effects.push(Effect::TakeImage(self.pane));
        }
    }

    pub(super) fn on_image(
        &mut self,
        pane: PaneId,
        image: Result<Vec<u8>, NoImage>,
        effects: &mut Vec<Effect>,
    ) {
        match image {
            Ok(bytes) => self.upload(pane, vec![Upload::Image(bytes)], effects),
            Err(NoImage::NoProgram) => self.note_key("no-image-program"),
            Err(NoImage::Empty) => self.note_key("no-image"),
            Err(NoImage::TooLarge) => self.note_key("image-too-large"),
        }
    }

    fn upload(&mut self, pane: PaneId, what: Vec<Upload>, effects: &mut Vec<Effect>) {
        if self.uploads.under_way.is_some() {
            return self.note_key("upload-under-way");
        }
        let name = what.first().map(Upload::name).unwrap_or_default();
        self.uploads.under_way = Some(UnderWay { name, percent: 0 });
        effects.push(Effect::Upload { pane, what });
    }

    pub(super) fn on_upload(&mut self, news: UploadNews, effects: &mut Vec<Effect>) {
        match news {
            UploadNews::At { name, at, size } => {
                let percent = at.min(size).saturating_mul(100) / size.max(1);
                self.uploads.under_way = Some(UnderWay { name, percent });
            }
            UploadNews::Done { pane, paths } => {
                self.uploads.under_way = None;
                let text = paths.iter().map(|path| quoted(path)).collect::<Vec<_>>().join(" ");
                if self.writable() && self.wire_pane(pane).is_some() {
                    paste_into(pane, &text, effects);
                } else {
                    self.note_with("uploaded", &[("paths", &text)]);
                }
            }
            UploadNews::Failed { why } => {
                self.uploads.under_way = None;
                self.note_with("not-uploaded", &[("why", &why)]);
            }
        }
    }

    /// The question in the bar.
    pub(crate) fn upload_question(&self) -> String {
        let Some(Pasted { files, .. }) = &self.uploads.asked else { return String::new() };
        let size = short_size(files.iter().map(|file| file.size).sum());
        match files.as_slice() {
            [file] => {
                let name = Upload::File(file.clone()).name();
                self.words.with("ask-upload", &[("name", &name), ("size", &size)])
            }
            files => {
                self.words.with("ask-upload-many", &[("count", &files.len()), ("size", &size)])
            }
        }
    }

    /// What the bar says of an upload.
    pub(crate) fn upload_shown(&self) -> Option<String> {
        let UnderWay { name, percent } = self.uploads.under_way.as_ref()?;
        Some(self.words.with("bar-upload", &[("name", name), ("percent", percent)]))
    }
}

impl Upload {
    /// For people.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(file) => {
                let name = file.path.file_name().unwrap_or_default().to_string_lossy();
                name.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
            }
            Self::Image(_) => "image.png".to_owned(),
        }
    }
}

fn paste_into(pane: PaneId, text: &str, effects: &mut Vec<Effect>) {
    for event in paste_pieces(text) {
        effects.push(Effect::Input { pane, events: vec![event] });
    }
}

/// Bytes in few characters.
fn short_size(bytes: u64) -> String {
    let mut value = bytes;
    for unit in ["B", "kB", "MB"] {
        if value < 1000 {
            return format!("{value} {unit}");
        }
        value = value.div_ceil(1000);
    }
    format!("{value} GB")
}
