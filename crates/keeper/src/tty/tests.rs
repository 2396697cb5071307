//! A real PTY, seen from its master.

use std::os::fd::OwnedFd;

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::pty::OpenptFlags;
use rustix::termios::{InputModes, OptionalActions, Winsize};

use super::*;

fn pty() -> (OwnedFd, OwnedFd) {
    let master = rustix::pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    rustix::pty::unlockpt(&master).unwrap();
    let name = rustix::pty::ptsname(&master, Vec::new()).unwrap();
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK;
    let slave = rustix::fs::open(name, flags, Mode::empty()).unwrap();
    let flags = rustix::fs::fcntl_getfl(&master).unwrap();
    rustix::fs::fcntl_setfl(&master, flags | OFlags::NONBLOCK).unwrap();
    (master, slave)
}

#[test]
fn the_programs_settings_show_through_the_master() {
    let (master, slave) = pty();
    let fresh = TtyModes { echo: true, icanon: true, isig: true, vintr: Some(3) };
    assert_eq!(modes(&master), Ok(fresh));
    let mut termios = rustix::termios::tcgetattr(&slave).unwrap();
    termios.local_modes -= LocalModes::ECHO;
    termios.special_codes[SpecialCodeIndex::VINTR] = 0;
    rustix::termios::tcsetattr(&slave, OptionalActions::Now, &termios).unwrap();
    assert_eq!(modes(&master), Ok(TtyModes { echo: false, vintr: None, ..fresh }));
    termios.make_raw();
    rustix::termios::tcsetattr(&slave, OptionalActions::Now, &termios).unwrap();
    let raw = TtyModes { echo: false, icanon: false, isig: false, vintr: None };
    assert_eq!(modes(&master), Ok(raw));
}

#[test]
fn flushed_input_makes_room() {
    let (master, slave) = pty();
    let mut termios = rustix::termios::tcgetattr(&slave).unwrap();
    termios.make_raw();
    termios.input_modes -= InputModes::IXON;
    rustix::termios::tcsetattr(&slave, OptionalActions::Now, &termios).unwrap();
    let fill = || {
        let mut written = 0;
        loop {
            match rustix::io::write(&master, &[b'x'; 1024]) {
                Ok(len) => written += len,
                Err(Errno::AGAIN) => return written,
                Err(errno) => panic!("{errno}"),
            }
        }
    };
    /// What the line discipline holds unread at most. The kernel moves what was written there a moment
    /// later, which makes room once more.
    const UNREAD: u64 = 4095;
    assert!(fill() > 1024);
    while rustix::io::ioctl_fionread(&slave).unwrap() < UNREAD {
        std::thread::yield_now();
    }
    while fill() > 0 {}
    assert_eq!(fill(), 0);
    flush_input(&master).unwrap();
    assert!(fill() > 1024, "there is room again");
}

#[test]
fn a_terminal_without_programs_has_no_foreground_group() {
    let (master, _slave) = pty();
    assert_eq!(foreground_group(&master), Ok(None));
    interrupt(&master).unwrap();
}

#[test]
fn the_size_is_what_was_set() {
    let (master, _slave) = pty();
    let winsize = Winsize { ws_col: 132, ws_row: 43, ws_xpixel: 0, ws_ypixel: 0 };
    rustix::termios::tcsetwinsize(&master, winsize).unwrap();
    assert_eq!(size(&master), Ok(Size { cols: 132, rows: 43 }));
}

#[test]
fn the_cell_is_what_the_area_in_pixels_makes_it() {
    let (master, _slave) = pty();
    let size = Size { cols: 132, rows: 43 };
    let told = |cell: Option<CellPixels>| {
        rustix::termios::tcsetwinsize(&master, winsize(size, cell)).unwrap();
        let told = rustix::termios::tcgetwinsize(&master).unwrap();
        ((told.ws_xpixel, told.ws_ypixel), cell_of(&master))
    };
    let cell_of_9x18 = CellPixels { width: 9, height: 18 };
    assert_eq!(told(None), ((0, 0), None));
    assert_eq!(told(Some(cell_of_9x18)), ((1188, 774), Some(cell_of_9x18)));
    // What is larger than the kernel can count is not known.
    let wide = Size { cols: 4096, rows: 1 };
    let wide = winsize(wide, Some(CellPixels { width: 17, height: 18 }));
    assert_eq!((wide.ws_xpixel, wide.ws_ypixel), (0, 0));
    // An area that is no number of cells tells nothing.
    let odd = Winsize { ws_col: 132, ws_row: 43, ws_xpixel: 1189, ws_ypixel: 774 };
    rustix::termios::tcsetwinsize(&master, odd).unwrap();
    assert_eq!(cell_of(&master), None);
}

fn cell_of(master: &OwnedFd) -> Option<CellPixels> {
    cell(master).unwrap()
}
