//! Files between the two machines.

use ccc_proto::{
    Copied, CopyEnd, CopyTaken, FileInfo, FileKind, FileOpened, FilePlace, Files, GetFile,
    ListFiles, MakeFolder, Message, PartFound, PutFile,
};

use super::Writer;

/// A moment in 2025, in nanoseconds.
const THEN: i64 = 1_764_000_000_123_456_789;

pub(super) fn messages(writer: Writer) -> Vec<Message> {
    let file = FileInfo {
        path: "src/서울.rs".into(),
        kind: FileKind(writer.number(FileKind::FILE.0)),
        size: 1 << 33,
        mode: 0o644,
        modified_unix_ns: THEN,
    };
    let put = PutFile {
        place: FilePlace(writer.number(FilePlace::PATH.0)),
        path: "work/notes.txt".into(),
        mode: 0o600,
        modified_unix_ns: Some(THEN),
        resume: true,
        ext: writer.ext(),
    };
    let folder = MakeFolder {
        path: "work".into(),
        mode: 0o755,
        modified_unix_ns: Some(-1),
        ext: writer.ext(),
    };
    let hash = vec![0xab; 32];
    let opened = FileOpened {
        file: FileInfo { path: b"x".to_vec(), ..file.clone() },
        offset: 65_536,
        ext: writer.ext(),
    };
    vec![
        ListFiles { path: "work".into(), recursive: true, ext: writer.ext() }.into(),
        Files { files: vec![file], more: true, ext: writer.ext() }.into(),
        folder.into(),
        put.into(),
        PartFound { offset: 65_536, hash: hash.clone(), ext: writer.ext() }.into(),
        GetFile { path: "a".into(), offset: 1, hash: hash.clone(), ext: writer.ext() }.into(),
        opened.into(),
        CopyTaken { offset: 70_000 }.into(),
        CopyEnd { size: 1 << 33, hash, ext: writer.ext() }.into(),
        Copied { path: "/home/ann/docs/notes.txt".into(), size: 5, ext: writer.ext() }.into(),
    ]
}
