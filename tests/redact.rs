//! Secrets that panes print: kept as they are, hidden where they leave the house.

use std::fs;

use ccc_testkit::{Result, Sandbox, hunt};

/// Put together here, so that no scanner takes this file for a leak.
fn token() -> String {
    format!("{}{}", "ghp_", "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9")
}

fn sandbox(config: &str) -> Result<Sandbox> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    sandbox.configure(config)?;
    let script = format!(
        "printf 'use \\033[1m%s\\033[m here\\n' {}; echo ACME-998877; echo done; exec cat",
        token()
    );
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", &script])?;
    sandbox.ok(&["wait", "work", "--match", "^done$", "--timeout", "60s"])?;
    Ok(sandbox)
}

#[test]
fn finds_and_exports_hide_them_and_say_how_many() -> Result<()> {
    let sandbox = sandbox("")?;
    let (token, hidden) = (token(), format!("use ghp_{} here", "*".repeat(36)));
    let found = sandbox.run(&["search", "ghp_"])?;
    assert!(found.stdout.contains(&hidden) && !found.stdout.contains(&token), "{}", found.stdout);
    assert!(found.stderr.contains("1 secret is hidden; --no-redact shows"), "{}", found.stderr);
    // One who knows it finds it, and is not shown it for that.
    let found = sandbox.json(&["search", &token, "--json"])?;
    assert_eq!((&found["hidden"], found["finds"].as_array().map(Vec::len)), (&1.into(), Some(1)));
    assert!(!found.to_string().contains(&token), "{found}");
    assert!(sandbox.ok(&["search", "ghp_", "--no-redact"])?.contains(&token));

    let text = sandbox.run(&["export", "--txt", "work"])?;
    assert!(text.stdout.contains(&hidden) && !text.stdout.contains(&token), "{}", text.stdout);
    assert!(text.stderr.contains("--no-redact writes"), "{}", text.stderr);
    for form in ["--cast", "--cast=v3"] {
        let cast = sandbox.run(&["export", form, "work"])?;
        // The command that was started has it as well, on the command line.
        assert!(!cast.stdout.contains(&token), "{}", cast.stdout);
        assert!(cast.stdout.contains(&format!("ghp_{}", "*".repeat(36))), "{}", cast.stdout);
        assert!(sandbox.ok(&["export", form, "work", "--no-redact"])?.contains(&token));
    }
    let page = sandbox.home().join("page.html");
    let path = page.to_str().expect("a path");
    sandbox.ok(&["export", "--html", "work", "-o", path])?;
    assert!(!unpacked(&page).contains(&token));
    assert!(unpacked(&page).contains(&"*".repeat(36)));
    sandbox.ok(&["export", "--html", "work", "--no-redact", "-o", path])?;
    assert!(unpacked(&page).contains(&token));

    // The exact bytes are the exact bytes, and what is kept is what was printed.
    assert!(sandbox.ok(&["export", "--raw", "work"])?.contains(&token));
    assert!(!hunt(&sandbox.state(), &token).is_empty());
    // Where nobody says otherwise a screen is read as it is.
    assert!(sandbox.ok(&["capture", "work"])?.contains(&token));
    assert!(sandbox.ok(&["capture", "work", "--redact"])?.contains(&hidden));
    // Without a server too.
    let server = ccc_testkit::Process::open(sandbox.custody()?.server.pid).expect("a server");
    let listed = sandbox.json(&["rec", "ls", "--json"])?;
    let name = listed["recordings"][0]["recording"].as_str().expect("a name").to_owned();
    sandbox.ok(&["serve", "--stop", "--kill"])?;
    server.wait_end(std::time::Duration::from_secs(60))?;
    let text = sandbox.ok(&["export", "--txt", &name])?;
    assert!(text.contains(&hidden) && !text.contains(&token), "{text}");
    sandbox.end()
}

/// What a page holds, decompressed.
fn unpacked(page: &std::path::Path) -> String {
    let text = fs::read_to_string(page).expect("a page");
    let from = text.find("id=\"data\">").expect("a block of data") + 10;
    let to = from + text[from..].find('<').expect("its end");
    let packed = data_encoding::BASE64.decode(&text.as_bytes()[from..to]).expect("Base64");
    let raw = miniz_oxide::inflate::decompress_to_vec_zlib(&packed).expect("zlib");
    String::from_utf8(raw).expect("JSON")
}

#[test]
fn rules_of_ones_own_are_checked_and_heard() -> Result<()> {
    let sandbox = sandbox("[redact]\nrules = [\"ACME-([0-9]+)\"]\nwithout = [\"github\"]\n")?;
    let found = sandbox.ok(&["search", "ACME-"])?;
    assert!(found.contains("ACME-******"), "{found}");
    assert!(sandbox.ok(&["export", "--txt", "work"])?.contains(&token()));
    assert_eq!(sandbox.run(&["config", "check"])?.code, Some(0));

    // With half of the rules nothing is shown.
    sandbox
        .configure("[redact]\ncopies = true\nrules = [\n  \"fine\",\n  \"ACME-([0-9]+\",\n]\n")?;
    let refused = sandbox.run(&["search", "ACME-"])?;
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
    assert!(refused.stderr.contains("line 5: rules: "), "{}", refused.stderr);
    assert!(refused.stderr.contains("hint: ccc config check"), "{}", refused.stderr);
    let checked = sandbox.run(&["config", "check"])?;
    assert!(checked.stdout.contains("line 5: rules: "), "{}", checked.stdout);
    // What is wrong elsewhere does not count.
    sandbox.configure("mous = true\n[redact]\nrules = [\"ACME-([0-9]+)\"]\n")?;
    assert!(sandbox.ok(&["search", "ACME-"])?.contains("ACME-******"));
    sandbox.end()
}
