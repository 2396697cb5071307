//! Connections that are carried.

use ccc_proto::{Forward, ForwardBytes, ForwardEnd, ForwardTaken, Message};

use super::Writer;

pub(super) fn messages(writer: Writer) -> Vec<Message> {
    vec![
        Forward { host: "localhost".into(), port: 5173, ext: writer.ext() }.into(),
        ForwardBytes { bytes: b"GET / HTTP/1.1\r\n".to_vec() }.into(),
        ForwardTaken { arrived: 1 << 33, taken: 70_000 }.into(),
        ForwardEnd { ext: writer.ext() }.into(),
    ]
}
