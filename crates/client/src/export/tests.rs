//! What is told of a recording, in order and with its times.

use ccc_journal::{Gap, GapReason};
use ccc_play::{Moment, Point, Timeline};

use super::*;

/// What a form was told, as text.
#[derive(Default)]
struct Heard<'a>(Option<&'a mut Vec<String>>);

impl Form for Heard<'_> {
    fn told(&mut self, at: Duration, told: Told<'_>) -> io::Result<()> {
        let told = match told {
            Told::Output(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Told::Resize(size) => format!("{}x{}", size.cols, size.rows),
            Told::Command(command) => format!("${}", command.text),
            Told::Ended(status) => format!("{status:?}"),
        };
        if let Some(heard) = &mut self.0 {
            heard.push(format!("{} {told}", at.as_millis()));
        }
        Ok(())
    }

    fn finish(self: Box<Self>, at: Duration) -> io::Result<()> {
        if let Some(heard) = self.0 {
            heard.push(format!("{} end", at.as_millis()));
        }
        Ok(())
    }
}

fn recording() -> Recording {
    let point = |offset, ms| Point { offset: Offset(offset), at: Duration::from_millis(ms) };
    let moment = |offset, ms, what| Moment { point: point(offset, ms), what };
    let gap = Gap { from: Offset(12), to: Offset(15), reason: GapReason::Budget };
    let moments = vec![
        moment(0, 0, What::Started),
        moment(0, 0, What::Resized(Size { cols: 80, rows: 24 })),
        moment(6, 200, What::Resized(Size { cols: 100, rows: 30 })),
        moment(12, 400, What::Gap(gap)),
        moment(18, 900, What::Ended(ExitStatus::Code(2))),
    ];
    let points = vec![point(0, 0), point(0, 100), point(4, 200), point(6, 200), point(8, 300)];
    let line = Timeline::of(points, moments, 1_000_000, point(18, 900));
    let command = Remembered { mark: 4, text: "ls".into(), ..Remembered::default() };
    Recording { line, commands: vec![command], ..Recording::default() }
}

fn tell(recording: &Recording, pieces: &[(u64, &str)]) -> (Vec<String>, u64) {
    let mut heard = Vec::new();
    let mut form: Box<dyn Form> = Box::new(Heard(Some(&mut heard)));
    let mut teller = Teller::new(recording);
    for (offset, bytes) in pieces {
        teller.bytes(Offset(*offset), bytes.as_bytes(), &mut *form).unwrap();
    }
    let missing = teller.finish(form).unwrap();
    (heard, missing)
}

#[test]
fn bytes_are_cut_where_time_size_or_command_change_however_they_come() {
    let expected = [
        "0 80x24",
        "100 abcd",
        "100 $ls",
        "200 ef",
        "200 100x30",
        "200 gh",
        "300 ijkl",
        "300 pqr",
        "900 Code(2)",
        "900 end",
    ];
    let whole = tell(&recording(), &[(0, "abcdefghijkl"), (15, "pqrSTU")]);
    assert_eq!(whole, (expected.map(str::to_owned).to_vec(), 3));
    let cut = tell(&recording(), &[(0, "abc"), (3, "defghij"), (10, "kl"), (15, "pqr")]);
    assert_eq!(cut.0[1..4], ["100 abc", "100 d", "100 $ls"]);
    assert_eq!(cut.0[6..9], ["200 gh", "300 ij", "300 kl"]);
}

#[test]
fn times_count_from_the_first_byte_that_is_kept() {
    let recording = Recording { first: Offset(8), ..recording() };
    let (heard, _) = tell(&recording, &[(8, "ijkl")]);
    assert_eq!(heard, ["0 ijkl", "600 Code(2)", "600 end"]);
    assert_eq!(Teller::size(&recording), Size { cols: 100, rows: 30 });
    assert_eq!(Teller::new(&recording).began_unix_ms(), 1_000_300);
}
