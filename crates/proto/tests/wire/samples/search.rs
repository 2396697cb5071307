//! Searching what panes printed.

use ccc_proto::{
    Message, PaneId, SearchCase, SearchEnd, SearchFind, SearchFound, SearchMatch, SearchProgress,
    SearchRequest,
};

use super::Writer;

pub(super) fn messages(writer: Writer) -> Vec<Message> {
    let find = SearchFind {
        ulid: "01JD0000000000000000000000".into(),
        pane: Some(PaneId(12)),
        place: "work:1.2".into(),
        lives: true,
        offset: 1 << 33,
        line: Some(70_000),
        at_unix_ms: 1_764_000_000_000,
        text: "error: 서울".into(),
        matches: vec![SearchMatch { from: 0, to: 5 }],
        before: vec!["$ make".into()],
        after: vec!["ok".into(), "$".into()],
    };
    let request = SearchRequest {
        pattern: "err[oe]r".into(),
        regex: true,
        case: SearchCase(writer.number(SearchCase::INSENSITIVE.0)),
        target: "work".into(),
        since_unix_ms: 1_763_000_000_000,
        command: "make".into(),
        context: 2,
        count: 50,
        within_ms: 5_000,
        ext: writer.ext(),
    };
    let progress = SearchProgress {
        pieces: 3,
        of: 400,
        finds: 50,
        unreadable: 1,
        done: true,
        end: SearchEnd(writer.number(SearchEnd::COUNT.0)),
        ext: writer.ext(),
    };
    vec![
        request.into(),
        SearchFound { finds: vec![find], ext: writer.ext() }.into(),
        progress.into(),
    ]
}
