//! What holds the queue into a pane to its order.

use super::*;

/// A terminal whose program is this test: the master for the queue, the slave to read from.
fn terminal() -> (Arc<OwnedFd>, OwnedFd) {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
    let master = rustix::pty::openpt(flags).unwrap();
    rustix::pty::grantpt(&master).unwrap();
    rustix::pty::unlockpt(&master).unwrap();
    let name = rustix::pty::ptsname(&master, Vec::new()).unwrap();
    let slave = rustix::fs::open(
        &*name,
        rustix::fs::OFlags::RDWR | rustix::fs::OFlags::NOCTTY,
        rustix::fs::Mode::empty(),
    )
    .unwrap();
    rustix::io::ioctl_fionbio(&master, true).unwrap();
    (Arc::new(master), slave)
}

fn raw(slave: &OwnedFd) {
    let mut termios = rustix::termios::tcgetattr(slave).unwrap();
    termios.make_raw();
    rustix::termios::tcsetattr(slave, rustix::termios::OptionalActions::Now, &termios).unwrap();
}

fn read(slave: &OwnedFd) -> Vec<u8> {
    let mut buffer = [0; 4096];
    let count = rustix::io::read(slave, &mut buffer).unwrap();
    buffer[..count].to_vec()
}

fn stamp(number: u64) -> Option<Stamp> {
    Some(Stamp { attachment: AttachmentId(7), number })
}

fn text(text: &str) -> Vec<Typed> {
    vec![Typed::Text(text.to_owned())]
}

#[test]
fn what_fits_is_written_at_once_and_its_number_is_done() {
    let (master, slave) = terminal();
    raw(&slave);
    let input = PaneInput::new(Some(master));
    assert_eq!(input.submit(text("ls"), stamp(4), None).unwrap(), Progress::Written);
    assert_eq!(read(&slave), b"ls");
    assert_eq!(input.done(AttachmentId(7)), 4);
    assert_eq!(input.done(AttachmentId(8)), 0);
}

#[test]
fn the_modes_of_the_moment_decide_the_bytes() {
    let (master, slave) = terminal();
    raw(&slave);
    let input = PaneInput::new(Some(master));
    input.set_modes(Modes { bracketed_paste: true, ..Modes::default() }, CellPixels::STANDARD);
    input.submit(vec![Typed::Paste("x".into())], None, None).unwrap();
    assert_eq!(read(&slave), b"\x1b[200~x\x1b[201~");
}

#[test]
fn what_does_not_fit_waits_in_order() {
    let (master, slave) = terminal();
    raw(&slave);
    let input = PaneInput::new(Some(master));
    let long = "x".repeat(100_000);
    assert_eq!(input.submit(text(&long), stamp(1), None).unwrap(), Progress::Waiting);
    assert_eq!(input.submit(text("end"), stamp(2), None).unwrap(), Progress::Waiting);
    assert_eq!(input.done(AttachmentId(7)), 0);
    let mut got = Vec::new();
    while got.len() < long.len() + 3 {
        got.extend(read(&slave));
        // Full again is no failure: the next read makes room.
        let _ = input.drain();
    }
    assert!(got.ends_with(b"xend"));
    assert_eq!(input.done(AttachmentId(7)), 2);
}

#[test]
fn an_interrupt_without_isig_is_a_byte_behind_what_waits() {
    let (master, slave) = terminal();
    raw(&slave);
    let input = PaneInput::new(Some(master));
    input.submit(text("a"), stamp(1), None).unwrap();
    input.interrupt(stamp(2), None);
    let mut got = read(&slave);
    while got.len() < 2 {
        got.extend(read(&slave));
    }
    assert_eq!(got, b"a\x03");
    assert_eq!(input.done(AttachmentId(7)), 2);
}

#[test]
fn an_interrupt_with_isig_drops_what_waits() {
    let (master, slave) = terminal();
    let input = PaneInput::new(Some(master));
    // A line discipline that edits lines takes a bounded line and drops the rest, so the queue is
    // filled while it is raw.
    raw(&slave);
    let (written, mut told) = oneshot::channel();
    input.submit(text(&"x".repeat(100_000)), stamp(1), Some(written)).unwrap();
    let mut termios = rustix::termios::tcgetattr(&slave).unwrap();
    termios.local_modes |= rustix::termios::LocalModes::ISIG;
    rustix::termios::tcsetattr(&slave, rustix::termios::OptionalActions::Now, &termios).unwrap();
    assert_eq!(input.interrupt(stamp(2), None), Progress::Written);
    assert_eq!(input.done(AttachmentId(7)), 2);
    assert!(told.try_recv().is_err(), "what was dropped was never written");
    assert!(input.drain().is_ok());
}

/// A terminal that holds 4 KB of whole lines takes more, and looks at none of it before they are read: an
/// interrupt character that was written behind them made no signal.
#[test]
fn an_interrupt_goes_before_lines_that_nobody_reads() {
    for lines in [1, 100, 200, 400] {
        let (master, slave) = terminal();
        let mut termios = rustix::termios::tcgetattr(&slave).unwrap();
        termios.local_modes.remove(rustix::termios::LocalModes::ECHO);
        let now = rustix::termios::OptionalActions::Now;
        rustix::termios::tcsetattr(&slave, now, &termios).unwrap();
        let input = PaneInput::new(Some(master));
        let typed = "all work and no play makes jack\r".repeat(lines);
        // Of the most, some may not be taken at once.
        input.submit(text(&typed), None, None).unwrap();
        assert_eq!(input.interrupt(stamp(1), None), Progress::Written);
        input.submit(text("afterwards\r"), None, None).unwrap();
        assert_eq!(read(&slave), b"afterwards\n", "behind {lines} lines");
    }
}

#[test]
fn too_much_is_refused_and_handed_back() {
    let (master, slave) = terminal();
    raw(&slave);
    let input = PaneInput::new(Some(master));
    input.submit(text(&"x".repeat(WAITING_BYTES + 100_000)), None, None).unwrap();
    let full = input.submit(text("more"), None, None).unwrap_err();
    assert_eq!(full.events, text("more"));
}

#[test]
fn an_ended_program_takes_input_to_nowhere() {
    let input = PaneInput::new(None);
    assert_eq!(input.submit(text("x"), stamp(3), None).unwrap(), Progress::Written);
    assert_eq!(input.done(AttachmentId(7)), 3);
}

fn piece(text: &str, first: bool, last: bool) -> Vec<Typed> {
    vec![Typed::PastePiece { text: text.to_owned(), first, last }]
}

#[test]
fn pieces_of_a_paste_are_one_for_the_program() {
    let (master, slave) = terminal();
    raw(&slave);
    let input = PaneInput::new(Some(master));
    input.set_modes(Modes { bracketed_paste: true, ..Modes::default() }, CellPixels::STANDARD);
    input.submit(piece("one\r", true, false), stamp(1), None).unwrap();
    // A program that changes its mind in the middle still gets an end.
    input.set_modes(Modes::default(), CellPixels::STANDARD);
    input.submit(piece("\ntwo", false, false), stamp(2), None).unwrap();
    input.submit(piece("", false, true), stamp(3), None).unwrap();
    let whole = b"\x1b[200~one\rtwo\x1b[201~";
    let mut bytes = Vec::new();
    while bytes.len() < whole.len() {
        bytes.extend(read(&slave));
    }
    assert_eq!(bytes, whole);
}

#[test]
fn a_paste_whose_sender_leaves_has_ended() {
    let (master, slave) = terminal();
    raw(&slave);
    let input = PaneInput::new(Some(master));
    input.set_modes(Modes { bracketed_paste: true, ..Modes::default() }, CellPixels::STANDARD);
    input.submit(piece("half", true, false), stamp(1), None).unwrap();
    // Somebody else has nothing to do with it.
    input.forget(AttachmentId(8));
    assert_eq!(read(&slave), b"\x1b[200~half");
    input.forget(AttachmentId(7));
    assert_eq!(read(&slave), b"\x1b[201~");
    input.forget(AttachmentId(7));
    input.submit(text("x"), stamp(2), None).unwrap();
    assert_eq!(read(&slave), b"x");
}

/// The rest of a long paste waits for a program that reads nothing, and an interrupt drops it.
#[test]
fn an_interrupt_in_the_middle_of_a_paste_ends_it() {
    let (master, slave) = terminal();
    let input = PaneInput::new(Some(master));
    input.set_modes(Modes { bracketed_paste: true, ..Modes::default() }, CellPixels::STANDARD);
    let long = "word\r".repeat(20_000);
    assert_eq!(input.submit(piece(&long, true, false), stamp(1), None).unwrap(), Progress::Waiting);
    assert_eq!(input.interrupt(stamp(2), None), Progress::Written);
    assert_eq!(input.done(AttachmentId(7)), 2);
    assert!(input.lock().items.is_empty(), "the end of the paste waits for nobody's key");
    // A line that is typed now is no part of a paste.
    input.submit(text("ls\r"), stamp(3), None).unwrap();
    let line = read(&slave);
    assert_eq!(line, b"\x1b[201~ls\n", "{:?}", String::from_utf8_lossy(&line));
}

#[test]
fn what_one_client_typed_is_taken_back_and_what_others_typed_is_not() {
    let (master, slave) = terminal();
    raw(&slave);
    let input = PaneInput::new(Some(master));
    let (gone, stays) = (Some(ClientId(1)), Some(ClientId(2)));
    let much = "x".repeat(100_000);
    input.submit_for(gone, text(&much), stamp(1), None).unwrap();
    let (written, told) = oneshot::channel();
    input.submit_for(gone, text("gone"), stamp(2), Some(written)).unwrap();
    input.submit_for(stays, text("stays"), None, None).unwrap();
    input.withdraw(ClientId(1));
    drop(told);
    let mut came = Vec::new();
    while !came.ends_with(b"stays") {
        came.extend(read(&slave));
        let _ = input.drain();
    }
    // What the terminal had taken is the program's, and of the rest nothing came.
    assert!(came.len() < 30_000, "{} bytes", came.len());
    assert!(came[..came.len() - 5].iter().all(|byte| *byte == b'x'));
}

#[test]
fn a_paste_that_is_taken_back_is_at_its_end_for_the_program() {
    let (master, slave) = terminal();
    raw(&slave);
    let input = PaneInput::new(Some(master));
    input.set_modes(Modes { bracketed_paste: true, ..Modes::default() }, CellPixels::STANDARD);
    let much = vec![Typed::Paste("x".repeat(100_000))];
    input.submit_for(Some(ClientId(1)), much, stamp(1), None).unwrap();
    input.submit_for(Some(ClientId(2)), text("stays"), None, None).unwrap();
    input.withdraw(ClientId(1));
    let mut came = Vec::new();
    while !came.ends_with(b"stays") {
        came.extend(read(&slave));
        let _ = input.drain();
    }
    assert!(came.starts_with(b"\x1b[200~x"));
    assert!(came.ends_with(b"x\x1b[201~stays"), "the program still waits for the end");
}
