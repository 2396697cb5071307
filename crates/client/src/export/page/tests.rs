//! What stands in a page, and what never does.

use super::*;

fn page(pieces: &[(u64, Told<'_>)], title: &str) -> (String, Value) {
    let mut out = Vec::new();
    let recording = Recording { session: title.into(), ..Recording::default() };
    let mut form = Box::new(PageForm::new(&mut out, &recording, Some(Duration::from_secs(2))));
    for (ms, told) in pieces {
        form.told(Duration::from_millis(*ms), *told).unwrap();
    }
    form.finish(Duration::from_secs(9)).unwrap();
    let page = String::from_utf8(out).unwrap();
    let (_, data) = page.split_once("id=\"data\">").unwrap();
    let (data, _) = data.split_once('<').unwrap();
    let packed = BASE64.decode(data.as_bytes()).unwrap();
    let data = miniz_oxide::inflate::decompress_to_vec_zlib(&packed).unwrap();
    let data = serde_json::from_slice(&data).unwrap();
    (page, data)
}

#[test]
fn frames_have_what_changed_and_rows_are_there_once() {
    let size = Told::Resize(Size::new(40, 3));
    let (_, data) = page(
        &[
            (0, Told::Output(b"same\r\nsame\r\n\x1b[1;31mred\x1b[m \xed\x95\x9c")),
            (20, Told::Output(b"!")),
            (500, Told::Output(b"\x1b[H\x1b[2J\x1b[?25l")),
            (900, size),
        ],
        "work",
    );
    assert_eq!(
        (&data["cols"], &data["lines"], &data["end"]),
        (&80.into(), &24.into(), &9000.into())
    );
    assert_eq!(
        data["rows"],
        json!([[], [[0, "same"]], [[1, "red"], [0, " "], [0, "한", 2], [0, "!"]]])
    );
    assert_eq!(
        data["styles"],
        json!([[null, null, 0, 0, null, null], [1, null, 1, 0, null, null]])
    );
    assert_eq!(
        data["frames"],
        json!([
            [20, [0, 1, 1, 1, 2, 2], 7, 2],
            [500, [0, 0, 1, 0, 2, 0], -1, -1],
            [900, [], -1, -1, 40, 3]
        ])
    );
}

#[test]
fn what_a_program_printed_is_never_markup() {
    let evil = "<script>alert(1)</script>{about}\"'&";
    let output = format!(
        "{evil}\r\n\x1b]8;;javascript:alert(1)\x07bad\x1b]8;;\x07\
         \x1b]8;;https://example.org/?a=<b>\x07good\x1b]8;;\x07\x1b]2;{evil}\x07"
    );
    let command = ccc_play::Remembered { text: evil.into(), ..Default::default() };
    let pieces = [(0, Told::Output(output.as_bytes())), (1, Told::Command(&command))];
    let (page, data) = page(&pieces, evil);
    assert!(!page.contains("<script>alert"), "{page}");
    assert!(page.contains("<title>&lt;script&gt;alert(1)&lt;/script&gt;&#123;about}&quot;"));
    // Two scripts: the data, and the player, which the policy names.
    assert_eq!(page.matches("<script").count(), 2);
    assert!(page.contains(&format!("script-src 'sha256-{}'", hash(PLAYER))));
    assert!(!PLAYER.contains("innerHTML") && !PLAYER.contains("</script"));
    assert_eq!(data["links"], json!(["https://example.org/?a=<b>"]));
    assert_eq!(data["rows"][1][0][1], evil);
    assert_eq!(data["commands"][0][1], evil);
}

#[test]
fn what_is_too_much_for_a_page_says_so_and_takes_no_more_memory() {
    let recording = Recording::default();
    let mut form = PageForm::new(Vec::new(), &recording, None);
    form.frames = " ".repeat(MAX_BYTES);
    form.told(Duration::ZERO, Told::Output(b"x")).unwrap();
    let wrong = form.told(Duration::from_secs(1), Told::Output(b"y")).unwrap_err();
    assert!(wrong.to_string().contains("--cast"), "{wrong}");
}
