//! What a connection promises, whatever carries it: each test runs over QUIC, by TCP, through a narrow pipe,
//! and in memory.

use std::time::Duration;

use ccc_proto::{Chunk, DecodeError, Encoding, FrameHeader, Message, Received, limits};

use crate::{
    CloseCode, CloseReason, Connection, RecvError, RecvStream, SendError, SendStream, StreamCode,
};

on_all! {
    in_memory: #[tokio::test(start_paused = true)]
    messages_keep_their_order
    many_messages_go_in_one_write
    a_finish_is_the_end
    a_dropped_sender_is_no_end
    a_reset_carries_its_code
    a_stop_carries_its_code
    a_dropped_receiver_is_a_stop
    stopped_tells_that_everything_arrived
    one_way_streams_go_both_ways
    messages_come_whole_however_they_are_cut
    raw_bytes_follow_messages
    an_unread_stream_holds_up_no_other
    closing_reaches_the_other_end
    dropping_a_connection_closes_it
    a_message_cut_short_is_named
    a_message_over_its_cap_is_refused
    nonsense_is_refused
    numbers_of_the_future_are_skipped
    a_send_that_was_dropped_is_completed
    a_receive_that_was_dropped_loses_nothing
    a_slow_message_is_given_up
    a_message_larger_than_its_cap_is_not_sent
    both_ends_export_the_same
}

fn chunk(offset: u64, length: usize) -> Message {
    let bytes = (0..length).map(|n| (n as u64 * 31 + offset) as u8).collect();
    Chunk { offset, bytes }.into()
}

/// A stream that the client has opened and the server has accepted.
async fn stream(
    client: &Connection,
    server: &Connection,
) -> ((SendStream, RecvStream), (SendStream, RecvStream)) {
    let mut ours = client.open_bi().await.expect("the connection is open");
    ours.0.send(&chunk(0, 0)).await.expect("the stream is open");
    let mut theirs = server.accept_bi().await.expect("the client opened one");
    assert_eq!(theirs.1.recv().await, Ok(Some(chunk(0, 0))));
    (ours, theirs)
}

async fn messages_keep_their_order(client: Connection, server: Connection) {
    let ((mut send, mut recv), (mut back, mut there)) = stream(&client, &server).await;
    let sizes = || (0..100).map(|n| n * 613 % limits::CHUNK);
    let sending = async {
        for (n, size) in (0..).zip(sizes()) {
            send.send(&chunk(n, size)).await.expect("the server reads");
        }
        send.finish().await.expect("the stream is open");
    };
    let echoing = async {
        while let Some(message) = there.recv().await.expect("messages only") {
            back.send(&message).await.expect("the client reads");
        }
        back.finish().await.expect("the stream is open");
    };
    let receiving = async {
        for (n, size) in (0..).zip(sizes()) {
            assert_eq!(recv.recv().await, Ok(Some(chunk(n, size))));
        }
        assert_eq!(recv.recv().await, Ok(None));
    };
    tokio::join!(sending, echoing, receiving);
}

async fn many_messages_go_in_one_write(client: Connection, server: Connection) {
    let ((mut send, _recv), (_back, mut there)) = stream(&client, &server).await;
    let messages: Vec<_> = (0..50).map(|n| chunk(n, 20)).collect();
    send.send_all(&messages).await.expect("the stream is open");
    for message in messages {
        assert_eq!(there.recv().await, Ok(Some(message)));
    }
}

async fn a_finish_is_the_end(client: Connection, server: Connection) {
    let ((mut send, _recv), (_back, mut there)) = stream(&client, &server).await;
    send.finish().await.expect("the stream is open");
    assert_eq!(there.recv().await, Ok(None));
    assert_eq!(send.send(&chunk(1, 1)).await, Err(SendError::Ended));
    assert_eq!(send.finish().await, Err(SendError::Ended));
}

async fn a_dropped_sender_is_no_end(client: Connection, server: Connection) {
    let ((send, _recv), (_back, mut there)) = stream(&client, &server).await;
    drop(send);
    assert_eq!(there.recv().await, Err(RecvError::Reset(StreamCode::CANCELLED)));
}

async fn a_reset_carries_its_code(client: Connection, server: Connection) {
    let ((mut send, _recv), (_back, mut there)) = stream(&client, &server).await;
    send.reset(StreamCode::SUPERSEDED);
    assert_eq!(there.recv().await, Err(RecvError::Reset(StreamCode::SUPERSEDED)));
    assert_eq!(send.send(&chunk(1, 1)).await, Err(SendError::Ended));
}

async fn a_stop_carries_its_code(client: Connection, server: Connection) {
    let ((mut send, _recv), (_back, mut there)) = stream(&client, &server).await;
    let stopped = send.stopped();
    there.stop(StreamCode::PROTOCOL);
    assert_eq!(stopped.await, Ok(Some(StreamCode::PROTOCOL)));
    let refused = Err(SendError::Stopped(StreamCode::PROTOCOL));
    assert_eq!(send.send(&chunk(1, 1)).await, refused);
    assert_eq!(there.recv().await, Err(RecvError::Ended));
}

async fn a_dropped_receiver_is_a_stop(client: Connection, server: Connection) {
    let ((send, _recv), (_back, there)) = stream(&client, &server).await;
    drop(there);
    assert_eq!(send.stopped().await, Ok(Some(StreamCode::CANCELLED)));
}

async fn stopped_tells_that_everything_arrived(client: Connection, server: Connection) {
    let ((mut send, _recv), (_back, mut there)) = stream(&client, &server).await;
    send.send(&chunk(1, 1000)).await.expect("the stream is open");
    send.finish().await.expect("the stream is open");
    assert_eq!(there.recv().await, Ok(Some(chunk(1, 1000))));
    assert_eq!(there.recv().await, Ok(None));
    assert_eq!(send.stopped().await, Ok(None));
}

async fn one_way_streams_go_both_ways(client: Connection, server: Connection) {
    for (from, to) in [(&client, &server), (&server, &client)] {
        for n in 0..20 {
            let mut send = from.open_uni().await.expect("the connection is open");
            send.set_priority(n);
            send.send(&chunk(n as u64, 3000)).await.expect("the stream is open");
            send.finish().await.expect("the stream is open");
            let mut recv = to.accept_uni().await.expect("one was opened");
            assert_eq!(recv.recv().await, Ok(Some(chunk(n as u64, 3000))));
            assert_eq!(recv.recv().await, Ok(None));
        }
    }
}

async fn messages_come_whole_however_they_are_cut(client: Connection, server: Connection) {
    let messages = || (0..6).map(|n| chunk(n, n as usize * 9));
    let bytes: Vec<u8> =
        messages().flat_map(|message| message.to_bytes().expect("it is small")).collect();
    for size in [1, 2, 3, 5, 8, 13] {
        let ((mut send, _recv), (_back, mut there)) = stream(&client, &server).await;
        let sending = async {
            for part in bytes.chunks(size) {
                send.write_raw(part).await.expect("the stream is open");
                tokio::task::yield_now().await;
            }
            send.finish().await.expect("the stream is open");
        };
        let receiving = async {
            for message in messages() {
                assert_eq!(there.recv().await, Ok(Some(message)));
            }
            assert_eq!(there.recv().await, Ok(None));
        };
        tokio::join!(sending, receiving);
    }
}

async fn raw_bytes_follow_messages(client: Connection, server: Connection) {
    let ((mut send, _recv), (_back, mut there)) = stream(&client, &server).await;
    let mut bytes = chunk(1, 5).to_bytes().expect("it is small");
    bytes.extend_from_slice(b"and then some");
    send.write_raw(&bytes).await.expect("the stream is open");
    send.finish().await.expect("the stream is open");
    assert_eq!(there.recv().await, Ok(Some(chunk(1, 5))));
    let (mut raw, mut buffer) = (Vec::new(), [0; 4]);
    loop {
        let count = there.read_raw(&mut buffer).await.expect("the stream is good");
        if count == 0 {
            break;
        }
        raw.extend_from_slice(&buffer[..count]);
    }
    assert_eq!(raw, b"and then some");
}

async fn an_unread_stream_holds_up_no_other(client: Connection, server: Connection) {
    let ((mut stuck, _recv), (_back, _unread)) = stream(&client, &server).await;
    let ((mut send, mut recv), (mut back, mut there)) = stream(&client, &server).await;
    let flood = async {
        for n in 0..100 {
            stuck.send(&chunk(n, limits::CHUNK)).await.expect("the connection is open");
        }
    };
    let echo = async {
        for n in 0..100 {
            send.send(&chunk(n, 10)).await.expect("the server reads");
            let message = there.recv().await.expect("a message").expect("one more");
            back.send(&message).await.expect("the client reads");
            assert_eq!(recv.recv().await, Ok(Some(chunk(n, 10))));
        }
    };
    tokio::select! {
        biased;
        () = flood => panic!("six megabytes fit where nobody reads"),
        () = echo => {}
    }
}

async fn closing_reaches_the_other_end(client: Connection, server: Connection) {
    let ((mut send, mut recv), _theirs) = stream(&client, &server).await;
    server.close(CloseCode::AUTH_REVOKED, "by ana");
    let peer = CloseReason::Peer { code: CloseCode::AUTH_REVOKED, reason: "by ana".to_owned() };
    assert_eq!(client.closed().await, peer);
    assert_eq!(client.close_reason(), Some(peer.clone()));
    assert_eq!(server.closed().await, CloseReason::Local);
    assert_eq!(recv.recv().await, Err(RecvError::Connection(peer.clone())));
    assert_eq!(send.send(&chunk(1, 1)).await, Err(SendError::Connection(peer.clone())));
    assert_eq!(client.accept_uni().await.map(drop), Err(peer.clone()));
    assert_eq!(client.open_bi().await.map(drop), Err(peer));
    assert_eq!(server.open_uni().await.map(drop), Err(CloseReason::Local));
}

async fn dropping_a_connection_closes_it(client: Connection, server: Connection) {
    let (ours, theirs) = stream(&client, &server).await;
    drop(client);
    // A stream that is still held keeps the connection.
    assert_eq!(server.close_reason(), None);
    drop(ours);
    let closed = CloseReason::Peer { code: CloseCode::OK, reason: String::new() };
    assert_eq!(server.closed().await, closed);
    drop(theirs);
}

async fn a_message_cut_short_is_named(client: Connection, server: Connection) {
    let bytes = chunk(1, 100).to_bytes().expect("it is small");
    for have in [1, 6, 7, bytes.len() - 1] {
        let ((mut send, _recv), (_back, mut there)) = stream(&client, &server).await;
        send.write_raw(&bytes[..have]).await.expect("the stream is open");
        send.finish().await.expect("the stream is open");
        assert_eq!(there.recv().await, Err(RecvError::Truncated { have }));
    }
}

async fn a_message_over_its_cap_is_refused(client: Connection, server: Connection) {
    let number = chunk(0, 0).number();
    let cap = Message::cap(number);
    let beyond = u32::try_from(cap + 1).expect("caps are small");
    for length in [beyond, 1 << 31, u32::MAX] {
        let ((mut send, _recv), (_back, mut there)) = stream(&client, &server).await;
        let header = FrameHeader { length, number, encoding: Encoding::PLAIN };
        send.write_raw(&header.to_bytes()).await.expect("the stream is open");
        let length = length as usize;
        let refused = RecvError::Message(DecodeError::TooLarge { number, length, cap });
        assert_eq!(there.recv().await, Err(refused));
    }
}

async fn nonsense_is_refused(client: Connection, server: Connection) {
    let number = chunk(0, 0).number();
    let ((mut send, _recv), (_back, mut there)) = stream(&client, &server).await;
    let header = FrameHeader { length: 1, number, encoding: Encoding::ZSTD };
    send.write_raw(&header.to_bytes()).await.expect("the stream is open");
    send.write_raw(&[0]).await.expect("the stream is open");
    let reserved = DecodeError::Encoding { number, encoding: Encoding::ZSTD.0 };
    assert_eq!(there.recv().await, Err(RecvError::Message(reserved)));

    let ((mut send, _recv), (_back, mut there)) = stream(&client, &server).await;
    let header = FrameHeader { length: 3, number, encoding: Encoding::PLAIN };
    send.write_raw(&header.to_bytes()).await.expect("the stream is open");
    send.write_raw(&[0xff; 3]).await.expect("the stream is open");
    let received = there.recv().await;
    let malformed = Err(RecvError::Message(DecodeError::Malformed {
        number,
        name: "Chunk",
        detail: String::new(),
    }));
    let without_detail = received.map_err(|error| match error {
        RecvError::Message(DecodeError::Malformed { number, name, .. }) => {
            RecvError::Message(DecodeError::Malformed { number, name, detail: String::new() })
        }
        other => other,
    });
    assert_eq!(without_detail, malformed);
}

async fn numbers_of_the_future_are_skipped(client: Connection, server: Connection) {
    let ((mut send, _recv), (_back, mut there)) = stream(&client, &server).await;
    let header = FrameHeader { length: 4, number: u16::MAX, encoding: Encoding::PLAIN };
    let mut future = header.to_bytes().to_vec();
    future.extend_from_slice(b"news");
    for n in 0..3 {
        send.write_raw(&future).await.expect("the stream is open");
        send.send(&chunk(n, 4)).await.expect("the stream is open");
    }
    assert_eq!(there.recv_any().await, Ok(Some(Received::Unknown(u16::MAX))));
    for n in 0..3 {
        assert_eq!(there.recv().await, Ok(Some(chunk(n, 4))));
    }
}

async fn a_send_that_was_dropped_is_completed(client: Connection, server: Connection) {
    let ((mut send, _recv), (_back, mut there)) = stream(&client, &server).await;
    // More than fits before somebody reads, so that one of the sends is given up in its middle.
    let mut begun = 0;
    loop {
        let large = chunk(begun, limits::CHUNK);
        tokio::select! {
            biased;
            sent = send.send(&large) => sent.expect("the stream is open"),
            () = tokio::task::yield_now() => break,
        }
        begun += 1;
    }
    let rest = async {
        send.send(&chunk(begun + 1, 7)).await.expect("the server reads");
        send.finish().await.expect("the stream is open");
    };
    let receiving = async {
        for n in 0..=begun {
            assert_eq!(there.recv().await, Ok(Some(chunk(n, limits::CHUNK))));
        }
        assert_eq!(there.recv().await, Ok(Some(chunk(begun + 1, 7))));
        assert_eq!(there.recv().await, Ok(None));
    };
    tokio::join!(rest, receiving);
}

async fn a_receive_that_was_dropped_loses_nothing(client: Connection, server: Connection) {
    let ((mut send, mut recv), (mut back, mut there)) = stream(&client, &server).await;
    let bytes = chunk(1, 5000).to_bytes().expect("it is small");
    for part in bytes.chunks(700) {
        send.write_raw(part).await.expect("the stream is open");
        // The answer shows that the part is there; the message is not whole before the last one.
        let asking = async {
            back.send(&chunk(2, 1)).await.expect("the client reads");
            assert_eq!(recv.recv().await, Ok(Some(chunk(2, 1))));
        };
        asking.await;
        if part.len() == 700 {
            tokio::select! {
                biased;
                received = there.recv() => panic!("{received:?}"),
                () = tokio::task::yield_now() => {}
            }
        }
    }
    assert_eq!(there.recv().await, Ok(Some(chunk(1, 5000))));
}

async fn a_slow_message_is_given_up(client: Connection, server: Connection) {
    let ((mut send, _recv), (_back, mut there)) = stream(&client, &server).await;
    let after = Duration::from_millis(20);
    there.set_message_deadline(Some(after));
    let bytes = chunk(1, 100).to_bytes().expect("it is small");
    send.write_raw(&bytes[..50]).await.expect("the stream is open");
    assert_eq!(there.recv().await, Err(RecvError::TooSlow { after }));

    let ((_send, _recv), (_back, mut there)) = stream(&client, &server).await;
    assert_eq!(there.recv_within(after).await, Err(RecvError::TooSlow { after }));
}

async fn a_message_larger_than_its_cap_is_not_sent(client: Connection, server: Connection) {
    let ((mut send, _recv), (_back, mut there)) = stream(&client, &server).await;
    let refused = send.send_all(&[chunk(1, 1), chunk(2, limits::INPUT_BODY)]).await;
    assert!(matches!(refused, Err(SendError::Encode(_))), "{refused:?}");
    send.send(&chunk(3, 1)).await.expect("the stream is as it was");
    assert_eq!(there.recv().await, Ok(Some(chunk(3, 1))));
}

async fn both_ends_export_the_same(client: Connection, server: Connection) {
    let label = b"EXPORTER-ccc-test";
    let ours = client.exporter(label, b"one").expect("the connection is there");
    assert_eq!(server.exporter(label, b"one"), Ok(ours));
    assert_ne!(server.exporter(label, b"two"), Ok(ours));
    assert_ne!(server.exporter(b"EXPORTER-ccc-other", b"one"), Ok(ours));
}
