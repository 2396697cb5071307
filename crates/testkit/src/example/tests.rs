//! What is told of programs by the times of files.

use std::time::Duration;

use super::*;

#[test]
fn a_program_older_than_one_of_its_sources_is_stale() {
    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join(name);
    let old = at("a folder/old.rs");
    fs::create_dir(at("a folder")).unwrap();
    for path in [&old, &at("new.rs"), &at("program")] {
        fs::write(path, "").unwrap();
    }
    let list = |target: &Path| {
        let escaped = old.display().to_string().replace(' ', "\\ ");
        let text = format!("{}: {escaped} {}\n", target.display(), at("new.rs").display());
        fs::write(at("program.d"), text).unwrap();
    };
    let built = fs::metadata(at("program")).unwrap().modified().unwrap();
    let touch = |path: &Path, time: SystemTime| {
        fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
    };
    touch(&old, built - Duration::from_secs(9));
    touch(&at("new.rs"), built);
    list(&at("program"));
    assert_eq!(stale(&at("program")).unwrap(), None);
    touch(&at("new.rs"), built + Duration::from_secs(1));
    assert!(stale(&at("program")).unwrap().unwrap().contains("new.rs has changed"));
    touch(&at("new.rs"), built);
    fs::remove_file(&old).unwrap();
    assert!(stale(&at("program")).unwrap().unwrap().contains("a folder/old.rs has changed"));
    fs::write(&old, "").unwrap();
    touch(&old, built);
    list(&at("elsewhere"));
    assert!(stale(&at("program")).unwrap().unwrap().contains("it was built as"));
    assert!(stale(&at("never")).is_err());
}
