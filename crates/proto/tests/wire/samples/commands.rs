//! Commands and the index that they come from.

use ccc_proto::{
    CommandEnded, CommandMatching, CommandState, CommandsFound, CommandsImported, CommandsPage,
    CommandsRequest, CommandsSearch, ForgetImported, HistorySource, ImportCommands,
    ImportedCommand, ImportedForgotten, IndexProgress, Message, PaneId, RebuildIndex, SearchEnd,
    WireCommand,
};

use super::Writer;

pub(super) fn messages(writer: Writer) -> Vec<Message> {
    let ended = WireCommand {
        pane: Some(PaneId(12)),
        ulid: "01JD0000000000000000000000".into(),
        place: "work:1.2".into(),
        text: "make test\n서울".into(),
        cwd: "/home/ann/src".into(),
        started_unix_ms: 1_764_000_000_000,
        duration_ms: Some(70_000),
        state: CommandState(writer.number(CommandState::ENDED.0)),
        status: -2,
        mark: 1 << 20,
        from: (1 << 20) + 1,
        to: Some(1 << 33),
    };
    let running = WireCommand {
        pane: None,
        duration_ms: None,
        state: CommandState(writer.number(CommandState::RUNNING.0)),
        to: None,
        ..ended.clone()
    };
    let request = CommandsRequest {
        text: "make".into(),
        session: "work".into(),
        cwd: "/home/ann".into(),
        ended: CommandEnded(writer.number(CommandEnded::STATUS.0)),
        status: -2,
        since_unix_ms: 1_763_000_000_000,
        after: vec![1, 2, 255],
        count: 500,
        ext: writer.ext(),
    };
    let search = CommandsSearch {
        pattern: "mk tst".into(),
        matching: CommandMatching(writer.number(CommandMatching::START.0)),
        after: vec![1, 2, 255],
        count: 2_000,
        ext: writer.ext(),
    };
    let found = CommandsFound {
        commands: vec![ended.clone()],
        end: SearchEnd(writer.number(SearchEnd::NONE.0)),
        ext: writer.ext(),
    };
    let page = CommandsPage { commands: vec![ended], next: vec![7], ext: writer.ext() };
    let last = CommandsPage { commands: vec![running], next: Vec::new(), ext: writer.ext() };
    let progress =
        IndexProgress { panes: 3, of: 400, commands: 70_000, done: true, ext: writer.ext() };
    let import = ImportCommands {
        source: HistorySource(writer.number(HistorySource::ZSH.0)),
        commands: vec![ImportedCommand {
            text: "make test\n서울".into(),
            cwd: "/home/ann/src".into(),
            started_unix_ms: 1_764_000_000_000,
            duration_ms: Some(70_000),
            status: Some(-2),
        }],
        ext: writer.ext(),
    };
    let bare = ImportCommands {
        commands: vec![ImportedCommand { text: "ls".into(), ..ImportedCommand::default() }],
        ..import.clone()
    };
    vec![
        request.into(),
        page.into(),
        last.into(),
        RebuildIndex { ext: writer.ext() }.into(),
        progress.into(),
        import.into(),
        bare.into(),
        CommandsImported { added: 300, known: 2, ext: writer.ext() }.into(),
        ForgetImported { ext: writer.ext() }.into(),
        ImportedForgotten { commands: 70_000, ext: writer.ext() }.into(),
        search.into(),
        found.into(),
    ]
}
