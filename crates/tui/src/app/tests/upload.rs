//! What is pasted and names files of this machine.

use std::path::PathBuf;

use super::*;
use crate::config::PasteFiles;
use crate::stdin::PasteChunk;

const PANE: PaneId = PaneId(1);

/// A client of another machine, with this setting.
fn remote(paste_files: PasteFiles) -> Bench {
    let mut bench = Bench::new();
    bench.app.machine = Some("box".into());
    bench.app.settings.paste_files = paste_files;
    bench
}

fn paste(bench: &mut Bench, text: &str) -> Vec<Effect> {
    let chunk = PasteChunk { text: text.into(), first: true, last: true };
    update(bench, Event::Stdin(StdinEvent::Paste(chunk)))
}

fn update(bench: &mut Bench, event: Event) -> Vec<Effect> {
    bench.app.update(event, &bench.mirrors, bench.now)
}

fn file(name: &str, size: u64) -> LocalFile {
    LocalFile { path: PathBuf::from(format!("/here/{name}")), size }
}

fn looked(bench: &mut Bench, text: &str, files: &[LocalFile]) -> Vec<Effect> {
    update(bench, Event::Looked { pane: PANE, text: text.into(), files: files.to_vec() })
}

fn pasted(text: &str) -> Effect {
    Effect::Input { pane: PANE, events: vec![InputEvent::paste(text)] }
}

#[test]
fn a_path_is_looked_at_and_what_is_typed_behind_it_waits() {
    let mut bench = remote(PasteFiles::Ask);
    let effects = paste(&mut bench, "'/here/a b.png' ");
    let way = vec![PathBuf::from("/here/a b.png")];
    let text = "'/here/a b.png' ".to_owned();
    assert!(
        matches!(&effects[..], [Effect::LookAtFiles { pane: PANE, text: t, ways: w }]
            if *t == text && w.first() == Some(&way)),
        "{effects:?}"
    );
    assert_eq!(bench.keys("x"), []);
    // It names no file after all: it goes in its place.
    let effects = looked(&mut bench, &text, &[]);
    assert_eq!(effects[0], pasted(&text));
    assert!(matches!(effects[1], Effect::Input { .. }), "{effects:?}");
}

#[test]
fn what_cannot_be_meant_so_is_pasted_at_once() {
    let text = "/here/a.png";
    let mut never = remote(PasteFiles::Never);
    assert_eq!(paste(&mut never, text), [pasted(text)]);
    let mut local = Bench::new();
    assert_eq!(paste(&mut local, text), [pasted(text)]);
    let mut bench = remote(PasteFiles::Always);
    assert_eq!(paste(&mut bench, "ls /here"), [pasted("ls /here")]);
    // A piece of a long paste is no path.
    let chunk = PasteChunk { text: text.into(), first: true, last: false };
    let effects = update(&mut bench, Event::Stdin(StdinEvent::Paste(chunk)));
    assert!(matches!(&effects[..], [Effect::Input { .. }]), "{effects:?}");
}

#[test]
fn the_person_is_asked_and_may_say_yes_no_or_as_text() {
    let text = "/here/photo.png";
    let mut bench = remote(PasteFiles::Ask);
    let asked = |bench: &mut Bench| {
        paste(bench, text);
        assert_eq!(looked(bench, text, &[file("photo.png", 12_345)]), []);
        let bar = bench.bar();
        assert!(bar.starts_with("upload photo.png (13 kB) and type its path there?"), "{bar}");
    };
    asked(&mut bench);
    assert_eq!(bench.keys("n"), []);
    assert!(bench.app.layers.is_empty());
    asked(&mut bench);
    assert_eq!(bench.keys("t"), [pasted(text)]);
    asked(&mut bench);
    let what = vec![Upload::File(file("photo.png", 12_345))];
    assert_eq!(bench.keys("y"), [Effect::Upload { pane: PANE, what }]);
    let at = UploadNews::At { name: "photo.png".into(), at: 6_000, size: 12_345 };
    assert_eq!(update(&mut bench, Event::Upload(at)), []);
    assert!(bench.bar().contains("uploading photo.png 48 %"), "{}", bench.bar());
    // One at a time.
    asked(&mut bench);
    assert_eq!(bench.keys("y"), []);
    assert!(bench.bar().contains("another upload is under way"), "{}", bench.bar());
    let paths = vec!["/home/ann/.cache/ccc/pasted/photo 1.png".to_owned()];
    let done = update(&mut bench, Event::Upload(UploadNews::Done { pane: PANE, paths }));
    assert_eq!(done, [pasted("'/home/ann/.cache/ccc/pasted/photo 1.png'")]);
    assert!(!bench.bar().contains("uploading"), "{}", bench.bar());
}

#[test]
fn several_files_go_without_a_question_when_it_is_set_so() {
    let mut bench = remote(PasteFiles::Always);
    let text = "/here/a /here/b";
    paste(&mut bench, text);
    let files = [file("a", 1), file("b", 2)];
    let what = files.iter().cloned().map(Upload::File).collect();
    assert_eq!(looked(&mut bench, text, &files), [Effect::Upload { pane: PANE, what }]);
    let paths = vec!["/there/a".to_owned(), "/there/b".to_owned()];
    let done = update(&mut bench, Event::Upload(UploadNews::Done { pane: PANE, paths }));
    assert_eq!(done, [pasted("/there/a /there/b")]);
    // The question names how many.
    let mut bench = remote(PasteFiles::Ask);
    paste(&mut bench, text);
    looked(&mut bench, text, &files);
    assert!(bench.bar().starts_with("upload 2 files (3 B)"), "{}", bench.bar());
}

#[test]
fn what_was_not_uploaded_or_has_no_pane_any_more_is_told() {
    let mut bench = remote(PasteFiles::Always);
    let failed = UploadNews::Failed { why: "the disk is full".into() };
    assert_eq!(update(&mut bench, Event::Upload(failed)), []);
    assert!(bench.bar().contains("not uploaded: the disk is full"), "{}", bench.bar());
    let mut bench = remote(PasteFiles::Always);
    let gone = UploadNews::Done { pane: PaneId(99), paths: vec!["/there/a".into()] };
    assert_eq!(update(&mut bench, Event::Upload(gone)), []);
    assert!(bench.bar().contains("/there/a"), "{}", bench.bar());
}

#[test]
fn an_image_of_the_clipboard_goes_the_same_way_on_every_machine() {
    let mut bench = Bench::new();
    assert_eq!(bench.keys("<C-b><C-v>"), [Effect::TakeImage(PANE)]);
    let image = vec![1, 2, 3];
    let effects = update(&mut bench, Event::Image { pane: PANE, image: Ok(image.clone()) });
    assert_eq!(effects, [Effect::Upload { pane: PANE, what: vec![Upload::Image(image)] }]);
    let mut bench = Bench::new();
    for (why, words) in [
        (NoImage::NoProgram, "install wl-clipboard, xclip or pngpaste"),
        (NoImage::Empty, "holds no image"),
        (NoImage::TooLarge, "larger than"),
    ] {
        update(&mut bench, Event::Image { pane: PANE, image: Err(why) });
        bench.now += Duration::from_secs(5);
        let said = bench.app.notes.last().unwrap_or_default().to_owned();
        assert!(said.contains(words), "{said}");
    }
}
