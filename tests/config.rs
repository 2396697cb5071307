//! `ccc config`: where the configuration lies, and what is wrong with it.

use ccc_testkit::{Result, Sandbox};

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

#[test]
fn what_is_wrong_is_named_with_line_key_and_the_nearest() -> Result<()> {
    let sandbox = sandbox()?;
    let path = sandbox.ok(&["config", "path"])?;
    let path = path.trim_end();
    assert!(path.ends_with("/config/config.toml"), "{path}");
    // None at all means the defaults.
    assert_eq!(sandbox.ok(&["config", "check"])?, "");

    sandbox
        .configure("prefix = \"C-a\"\nclipbord = true\n\n[bind.prefix]\nv = \"split-rigth\"\n")?;
    let checked = sandbox.run(&["config", "check"])?;
    assert_eq!(checked.code, Some(1), "{checked:?}");
    assert_eq!(
        checked.stdout,
        format!(
            "{path}: line 2: no key is called `clipbord`, the nearest is `clipboard`\n\
             {path}: line 5: no action is called `split-rigth`, the nearest is `split-right`\n"
        )
    );
    let json = sandbox.run(&["config", "check", "--json"])?;
    assert!(json.stdout.contains("\"line\": 5"), "{json:?}");
    // It is told before the screen is taken, too.
    let attached = sandbox.attach(ccc_testkit::Size::new(250, 24), &[])?;
    attached.wait_text("no key is called `clipbord`", std::time::Duration::from_secs(60))?;

    let missing = sandbox.run(&["config", "check", "/nowhere/config.toml"])?;
    assert_eq!(missing.code, Some(1), "{missing:?}");
    assert!(missing.stderr.starts_with("error: read /nowhere/config.toml: "), "{missing:?}");
    Ok(())
}
