//! Ends that take nothing, and links on which hardly anything comes. Time is virtual.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncWriteExt as _, ReadBuf, duplex};
use tokio::runtime::Handle;

use super::super::Mux;
use super::super::frame::put;
use super::*;

const CAP: u64 = 256 * 1024;

/// Says something that breaks the rules, and never lets what is written to it come to its end.
struct Stranger(Vec<u8>);

impl AsyncRead for Stranger {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        room: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.0.is_empty() {
            return Poll::Pending;
        }
        room.put_slice(&std::mem::take(&mut self.0));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stranger {
    fn poll_write(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Pending
    }
}

/// The goodbye was taken and its end was not: the task and the descriptor were held for ever.
#[tokio::test(start_paused = true)]
async fn a_stranger_who_takes_no_last_words_is_let_go() {
    let registry = Registry::default();
    let stranger = Stranger(b"GET / HTTP/1.1\r\n\r\n".to_vec());
    let _end = Mux::start(stranger, false, CAP, &Handle::current(), &registry);
    timeout(10 * LAST_WORDS, registry.drained()).await.expect("it is let go");
}

/// A byte was no sign of life before its frame was whole, so that thin links were given up.
#[tokio::test(start_paused = true)]
async fn a_link_that_brings_a_byte_now_and_then_lives() {
    let (ours, mut theirs) = duplex(64 * 1024);
    let end = Mux::start(ours, true, CAP, &Handle::current(), &Registry::default());
    let mut said = PREAMBLE.to_vec();
    put(&mut said, 99, 0, &[&[0; 20]]);
    let before = end.heard();
    for byte in &said {
        theirs.write_all(&[*byte]).await.expect("the link lives");
        sleep(Duration::from_secs(5)).await;
        assert_eq!(end.close_reason(), None);
    }
    assert_eq!(end.heard(), before + said.len() as u64);
    sleep(Duration::from_secs(60)).await;
    assert!(matches!(end.close_reason(), Some(CloseReason::Transport { .. })));
}
