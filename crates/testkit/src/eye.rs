//! What a terminal shows, as text. The emulator behind it is not ours, so that our own engine does
//! not judge itself.

/// The screen as lines without trailing blanks; empty lines at the end are left out.
pub fn text(screen: &vt100::Screen) -> String {
    let (_, cols) = screen.size();
    let rows: Vec<String> =
        screen.rows(0, cols.get()).map(|row| row.trim_end().to_owned()).collect();
    rows.join("\n").trim_end_matches('\n').to_owned()
}
