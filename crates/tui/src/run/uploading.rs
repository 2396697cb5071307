//! Files that are pasted: looking at them, taking an image from the clipboard, and sending both over the connection
//! that is there. Owns the tasks; what they find comes back as events.

use std::io::Cursor;
use std::path::PathBuf;
use std::thread;

use ccc_client::copy::{FilePlace, Kind, Put, look};
use ccc_client::proto::PaneId;
use ccc_client::{ClientError, Requester};
use tokio::sync::mpsc;

use super::Loop;
use crate::app::{Event, LocalFile, Upload, UploadNews};
use crate::clipboard;

/// What was pasted is nobody else's.
const PRIVATE: u32 = 0o600;

impl Loop {
    /// Looks which way of reading what was pasted names files that are there. On a thread, because a path may
    /// lead to a disk that does not answer.
    pub(super) fn look_at_files(&self, pane: PaneId, text: String, ways: Vec<Vec<PathBuf>>) {
        let told = self.told_tx.clone();
        drop(thread::spawn(move || {
            let files = ways.iter().find_map(|way| files(way)).unwrap_or_default();
            // The loop may be over.
            let _unheard = told.blocking_send(Event::Looked { pane, text, files });
        }));
    }

    pub(super) fn take_image(&self, pane: PaneId) {
        let told = self.told_tx.clone();
        drop(thread::spawn(move || {
            // As above.
            let _unheard = told.blocking_send(Event::Image { pane, image: clipboard::image() });
        }));
    }

    pub(super) fn upload(&mut self, pane: PaneId, what: Vec<Upload>) {
        let told = self.told_tx.clone();
        let Some(requester) = self.attachment.requester() else {
            let why = self.app.words.say("link-gone").to_owned();
            let news = UploadNews::Failed { why };
            // There is room: nothing else is under way.
            let _full = told.try_send(Event::Upload(news));
            return;
        };
        let date = jiff::Zoned::now().strftime("%Y-%m-%d-%H%M%S").to_string();
        drop(tokio::spawn(async move {
            let mut paths = Vec::new();
            for upload in what {
                match put(&requester, upload, &date, &told).await {
                    Ok(path) => paths.push(path),
                    Err(error) => {
                        let news = UploadNews::Failed { why: error.to_string() };
                        let _unheard = told.send(Event::Upload(news)).await;
                        return;
                    }
                }
            }
            let _unheard = told.send(Event::Upload(UploadNews::Done { pane, paths })).await;
        }));
    }
}

/// The files that all these paths lead to.
fn files(paths: &[PathBuf]) -> Option<Vec<LocalFile>> {
    let file = |path: &PathBuf| {
        // What a link leads to is what a person sees.
        let path = std::fs::canonicalize(path).ok()?;
        let facts = look(&path).ok()??;
        (facts.kind == Kind::File).then_some(LocalFile { path, size: facts.size })
    };
    paths.iter().map(file).collect()
}

/// Sends one; its path there.
async fn put(
    requester: &Requester,
    upload: Upload,
    date: &str,
    told: &mpsc::Sender<Event>,
) -> Result<String, ClientError> {
    let name = upload.name();
    let path = format!("{date}-{name}").into_bytes();
    let to = Put { place: FilePlace::PASTED, path, mode: Some(PRIVATE), keeps_time: false };
    let mut shown = 0;
    let size = match &upload {
        Upload::File(file) => file.size,
        Upload::Image(bytes) => bytes.len() as u64,
    };
    let at = |at: u64| {
        // Each hundredth once, and none that the loop has no time for.
        let percent = at.saturating_mul(100) / size.max(1);
        if percent > shown {
            shown = percent;
            let news = UploadNews::At { name: name.clone(), at, size };
            let _busy = told.try_send(Event::Upload(news));
        }
    };
    let copied = match upload {
        Upload::File(file) => requester.put_file(&file.path, to, at).await?,
        Upload::Image(bytes) => requester.put_stream(Cursor::new(bytes), to, at).await?,
    };
    Ok(String::from_utf8_lossy(&copied.path).into_owned())
}
