//! A tree whose requests take a round trip each, in virtual time.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::*;

const ROUND_TRIP: Duration = Duration::from_millis(100);
const MEBIBYTE: u64 = 1024 * 1024;

/// What was done, in order, with the round trips since the beginning.
#[derive(Clone)]
struct Log {
    begun: Instant,
    entries: Arc<Mutex<Vec<(String, u32)>>>,
}

impl Log {
    fn new() -> Self {
        Self { begun: Instant::now(), entries: Arc::default() }
    }

    fn now(&self) -> u32 {
        (self.begun.elapsed().as_millis() / ROUND_TRIP.as_millis()) as u32
    }

    fn note(&self, what: String) {
        let entry = (what, self.now());
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    /// Where in the log something is, and when it was.
    fn find(&self, what: &str) -> (usize, u32) {
        let entries = self.entries.lock().unwrap();
        let place = entries.iter().position(|(entry, _)| entry == what);
        let place = place.unwrap_or_else(|| panic!("no {what} in {entries:?}"));
        (place, entries[place].1)
    }

    /// A request: noted when it begins and when it is answered.
    async fn request(self, what: String) -> Copied<()> {
        self.note(format!("{what} begins"));
        sleep(ROUND_TRIP).await;
        self.note(what);
        Ok(())
    }
}

/// What would wait for ever fails instead.
async fn soon<T>(work: impl Future<Output = Result<T, Failure>>) -> T {
    timeout(Duration::from_secs(3600), work).await.expect("it goes on").unwrap()
}

fn refused() -> ClientError {
    ClientError::Lost { why: "refused".to_owned() }
}

async fn folder(
    several: &mut Several,
    log: &Log,
    name: &str,
    around: &Within,
    tally: &mut Tally,
) -> Within {
    let make = log.clone().request(format!("make {name}"));
    let close = log.clone().request(format!("close {name}"));
    let close = tally.keeps.then(|| (name.to_owned(), close));
    soon(several.folder(name.to_owned(), around.clone(), make, close, tally)).await
}

async fn file(several: &mut Several, log: &Log, name: &str, within: &Within, tally: &mut Tally) {
    let copying = log.clone().request(format!("copy {name}"));
    let copy = move |_told: Told| async move { copying.await.map(|()| 5) };
    soon(several.file(name.to_owned(), 5, within.clone(), copy, tally)).await;
}

/// 200 folders with two files each. How many round trips it took.
async fn tree(keeps: bool) -> (u32, Log) {
    let (log, mut several) = (Log::new(), Several::default());
    let mut tally = Tally { keeps, ..Tally::default() };
    let top = folder(&mut several, &log, "top", &Within::everything(), &mut tally).await;
    for number in 0..200 {
        let name = format!("{number}");
        let within = folder(&mut several, &log, &name, &top, &mut tally).await;
        for inner in ["a", "b"] {
            file(&mut several, &log, &format!("{number}/{inner}"), &within, &mut tally).await;
        }
    }
    drop(top);
    soon(several.all(&mut tally)).await;
    assert_eq!((tally.files, tally.bytes, tally.failed), (400, 2000, 0));
    (log.now(), log)
}

#[tokio::test(start_paused = true)]
async fn folders_and_what_is_in_them_share_their_round_trips() {
    // 601 requests, 64 at a time, and two ends of the way that cannot be full.
    let (took, _) = tree(false).await;
    assert!(took <= 12, "{took} round trips");
    // As many again to close each of them, and the topmost after them all.
    let (took, _) = tree(true).await;
    assert!(took <= 16, "{took} round trips");
}

#[tokio::test(start_paused = true)]
async fn nothing_begins_in_a_folder_that_is_not_made_and_it_is_closed_behind_all_that_is_in_it() {
    let (_, log) = tree(true).await;
    let place = |what: String| log.find(&what).0;
    for number in 0..200 {
        assert!(place("make top".into()) < place(format!("make {number} begins")));
        for inner in ["a", "b"] {
            assert!(
                place(format!("make {number}")) < place(format!("copy {number}/{inner} begins"))
            );
            assert!(
                place(format!("copy {number}/{inner}")) < place(format!("close {number} begins"))
            );
        }
        assert!(place(format!("close {number}")) < place("close top begins".into()));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_below_a_folder_that_was_not_made_is_left_out_and_only_the_folder_is_told() {
    let (log, mut several) = (Log::new(), Several::default());
    let mut tally = Tally { keeps: true, ..Tally::default() };
    let make = async {
        Err(ClientError::File {
            path: "bad".into(),
            source: std::io::ErrorKind::NotADirectory.into(),
        })
    };
    let close = Some(("bad".to_owned(), log.clone().request("close bad".to_owned())));
    let everything = Within::everything();
    let bad =
        several.folder("bad".into(), everything.clone(), make, close, &mut tally).await.unwrap();
    let inner = folder(&mut several, &log, "inner", &bad, &mut tally).await;
    file(&mut several, &log, "inner/a", &inner, &mut tally).await;
    let link = Outcome::Skipped("it is a symbolic link".to_owned());
    several.not_copied("inner/link".into(), inner, link, &mut tally).await.unwrap();
    file(&mut several, &log, "beside", &everything, &mut tally).await;
    drop(bad);
    soon(several.all(&mut tally)).await;
    assert_eq!((tally.files, tally.skipped, tally.failed), (1, 0, 1));
    assert_eq!(log.entries.lock().unwrap().len(), 2, "only what is beside it was asked for");
}

#[tokio::test(start_paused = true)]
async fn what_stands_against_all_ends_it_at_once() {
    let mut several = Several::default();
    let mut tally = Tally::default();
    let make = async { Err(refused()) };
    let close = None::<(String, std::future::Ready<Copied<()>>)>;
    several.folder("top".into(), Within::everything(), make, close, &mut tally).await.unwrap();
    assert!(several.all(&mut tally).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn folders_in_folders_do_not_use_the_places_of_what_is_in_them_up() {
    let (log, mut several) = (Log::new(), Several::default());
    let mut tally = Tally { keeps: true, ..Tally::default() };
    let deepest = 2 * AHEAD;
    let mut open = vec![Within::everything()];
    for level in 0..deepest {
        let within =
            folder(&mut several, &log, &format!("{level}"), &open[level], &mut tally).await;
        open.push(within);
    }
    file(&mut several, &log, "deep", &open[deepest], &mut tally).await;
    drop(open);
    soon(several.all(&mut tally)).await;
    assert_eq!(tally.files, 1);
}

#[tokio::test(start_paused = true)]
async fn a_large_file_begins_when_little_is_left_of_the_one_before() {
    let (log, mut several) = (Log::new(), Several::default());
    let mut tally = Tally::default();
    for number in 0..4 {
        let noting = log.clone();
        let copy = move |mut told: Told| async move {
            noting.note(format!("{number}"));
            // To ask what is there, a mebibyte in each of the next, and one to hear that it is whole.
            sleep(ROUND_TRIP).await;
            for at in 1..=10 {
                sleep(ROUND_TRIP).await;
                told.at(at * MEBIBYTE, 10 * MEBIBYTE);
            }
            sleep(ROUND_TRIP).await;
            Ok(10 * MEBIBYTE)
        };
        let everything = Within::everything();
        several
            .file(format!("{number}"), 10 * MEBIBYTE, everything, copy, &mut tally)
            .await
            .unwrap();
    }
    file(&mut several, &log, "small", &Within::everything(), &mut tally).await;
    soon(several.all(&mut tally)).await;
    // Each has two mebibytes left when the next one begins, and a small file waits for none of them.
    for number in 0..4 {
        assert_eq!(log.find(&format!("{number}")).1, number * 9);
    }
    assert_eq!(log.find("copy small begins").1, 0);
    assert_eq!((tally.files, log.now()), (5, 3 * 9 + 12));
    assert!(several.lines.borrow().is_empty());
}
