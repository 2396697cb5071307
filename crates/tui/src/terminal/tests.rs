//! A terminal that takes nothing, and one that is gone.

use super::*;

/// A terminal of pipes, with the end that takes what is written and the one that types.
fn terminal() -> (Terminal, OwnedFd, OwnedFd) {
    let pipe = || rustix::pipe::pipe_with(rustix::pipe::PipeFlags::NONBLOCK).unwrap();
    let ((typed, hands), (eyes, drawn)) = (pipe(), pipe());
    let input = Receiver::from_owned_fd(typed).unwrap();
    let output = Sender::from_owned_fd(drawn).unwrap();
    (Terminal { input, output, pending: Vec::new(), sent: 0 }, eyes, hands)
}

fn with_runtime(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test);
}

/// Once a client whose terminal went away while it drew went round and round: what it could not write
/// waited for room, of which a terminal that is gone always has some.
#[test]
fn nothing_waits_for_a_terminal_that_is_gone() {
    with_runtime(async {
        let (mut terminal, eyes, _hands) = terminal();
        terminal.out().extend_from_slice(b"picture");
        drop(eyes);
        terminal.writable().await.unwrap();
        terminal.try_flush();
        assert!(!terminal.is_behind());
    });
}

#[test]
fn a_terminal_that_is_full_keeps_what_it_has_not_taken() {
    with_runtime(async {
        let (mut terminal, eyes, _hands) = terminal();
        terminal.out().extend_from_slice(&[b'x'; 1024 * 1024]);
        terminal.writable().await.unwrap();
        terminal.try_flush();
        assert!(terminal.is_behind());
        let mut taken = 0;
        let mut buffer = vec![0; 64 * 1024];
        while terminal.is_behind() {
            taken += rustix::io::read(&eyes, &mut buffer).unwrap();
            terminal.writable().await.unwrap();
            terminal.try_flush();
        }
        while let Ok(count) = rustix::io::read(&eyes, &mut buffer) {
            taken += count;
        }
        assert_eq!(taken, 1024 * 1024);
    });
}
