//! Connections that are carried.

use ccc_proto::{
    Forward, ForwardAccept, ForwardArrived, ForwardBytes, ForwardEnd, ForwardKeeps, ForwardListen,
    ForwardListening, ForwardMore, ForwardTaken, ForwardWindow, Message,
};

use super::Writer;

pub(super) fn messages(writer: Writer) -> Vec<Message> {
    vec![
        Forward { host: "localhost".into(), port: 5173, ext: writer.ext() }.into(),
        ForwardBytes { bytes: b"GET / HTTP/1.1\r\n".to_vec() }.into(),
        ForwardTaken { arrived: 1 << 33, taken: 70_000 }.into(),
        ForwardEnd { ext: writer.ext() }.into(),
        ForwardListen { port: 8080, ext: writer.ext() }.into(),
        ForwardListening { port: 8080, ext: writer.ext() }.into(),
        ForwardArrived { number: 3, from: "127.0.0.1:40100".into(), ext: writer.ext() }.into(),
        ForwardAccept { number: 3, ext: writer.ext() }.into(),
        ForwardMore { ext: writer.ext() }.into(),
        ForwardWindow { bytes: 1 << 20, ext: writer.ext() }.into(),
        ForwardKeeps { bytes: 1 << 17, ext: writer.ext() }.into(),
    ]
}
