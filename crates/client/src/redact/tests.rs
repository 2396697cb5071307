//! Each kind of secret, what looks like one and is none, and blocks of lines.

use super::*;

fn hidden(text: &str) -> String {
    Redactor::default().text(text).into_owned()
}

/// Examples are put together here, so that no scanner takes this file for a leak.
fn letters(count: usize) -> String {
    "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7".chars().cycle().take(count).collect()
}

/// Those of Base64 as it stands in addresses, with an end that is no end of a word.
fn url_letters(count: usize) -> String {
    let letters = "aB3-E6_H9jK2mN5pQ8sT1vW4yZ7".chars().cycle();
    letters.take(count - 1).chain(['-']).collect()
}

#[test]
fn every_known_form_is_hidden_and_its_kind_can_be_told() {
    let upper = letters(80).to_uppercase();
    let hex: String = "0123456789abcdef".chars().cycle().take(64).collect();
    let (a, u) = (|count| letters(count), |count| url_letters(count));
    let examples: Vec<(&str, String, String)> = vec![
        ("aws-access-key", "AKIA".into(), upper[..16].into()),
        ("aws-secret-key", "aws_secret_access_key = ".into(), a(40)),
        ("azure-account-key", "AccountKey=".into(), format!("{}==", a(86))),
        ("google-api-key", "AIza".into(), u(35)),
        ("google-oauth", "ya29.".into(), u(40)),
        ("digitalocean", "dop_v1_".into(), hex),
        ("github", "ghp_".into(), a(36)),
        ("github-fine", "github_pat_".into(), u(82).replace('-', "_")),
        ("gitlab", "glpat-".into(), u(20)),
        ("npm", "npm_".into(), a(36)),
        ("pypi", "pypi-".into(), u(120)),
        ("crates-io", "cio".into(), a(32)),
        ("docker", "dckr_pat_".into(), u(27)),
        ("huggingface", "hf_".into(), a(34)),
        ("slack", "xoxb-".into(), format!("12345-{}", a(24))),
        ("slack-app", "xapp-".into(), format!("1-{}", a(24))),
        ("slack-webhook", "https://hooks.slack.com/services/".into(), a(30)),
        ("discord-webhook", "https://discord.com/api/webhooks/123456789012/".into(), u(60)),
        ("stripe", "sk_live_".into(), a(24)),
        ("sendgrid", "SG.".into(), format!("{}.{}", u(22), u(43))),
        ("telegram", "123456789:".into(), format!("AA{}", u(33))),
        ("anthropic", "sk-ant-".into(), format!("api03-{}", u(90))),
        ("openai", "sk-".into(), format!("proj-{}", u(48))),
        ("age", "AGE-SECRET-KEY-1".into(), upper[..58].into()),
        ("jwt", "eyJ".into(), format!("{}.eyJ{}.{}", u(20), u(30), u(40))),
        ("authorization", "Authorization: Basic ".into(), a(12)),
        ("bearer", "bearer ".into(), a(32)),
        ("url-password", "postgres://me:".into(), a(9)),
        ("password", "DB_PASSWORD=".into(), a(8)),
        ("password-flag", "x --password ".into(), a(8)),
    ];
    let names: Vec<&str> = Redactor::names().filter(|name| *name != PRIVATE_KEY).collect();
    assert_eq!(examples.iter().map(|(name, ..)| *name).collect::<Vec<_>>(), names);
    for (name, before, secret) in &examples {
        let after = if *name == "url-password" { "@host/db" } else { " and more" };
        let text = format!("{before}{secret}{after}");
        let expected = format!("{before}{}{after}", "*".repeat(secret.len()));
        assert_eq!(hidden(&text), expected, "{name}");
        // The rule itself does it, and not another one that happens to know it.
        let others: Vec<String> =
            Redactor::names().filter(|other| other != name).map(str::to_owned).collect();
        let alone = Redactor::new(&[], &others).unwrap();
        assert_eq!(alone.text(&text), expected, "{name} alone");
    }
}

#[test]
fn what_is_no_secret_stays() {
    for text in [
        "the password is asked for",
        "tokens: 12",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "https://example.org:8080/path@2x.png",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "ls -la --token",
        "한글 비밀",
        "-----BEGIN CERTIFICATE-----",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJm me@host",
        "",
    ] {
        assert_eq!(hidden(text), text);
    }
}

#[test]
fn a_private_key_is_hidden_line_by_line_and_what_follows_is_not() {
    let text = "before\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA\n  AAAAB3 NzaC\n\
                -----END OPENSSH PRIVATE KEY-----\nafter\n";
    let expected = "before\n-----BEGIN OPENSSH PRIVATE KEY-----\n**********\n  ****** ****\n\
                    -----END OPENSSH PRIVATE KEY-----\nafter\n";
    assert_eq!(hidden(text), expected);
    let one = "KEY='-----BEGIN RSA PRIVATE KEY-----\\nMIIE\\n-----END RSA PRIVATE KEY-----'";
    assert!(!hidden(one).contains("MIIE"), "{}", hidden(one));
    // Letters of the secret that look like the name end nothing.
    let one = "-----BEGIN PRIVATE KEY-----MIIKEYabc-----END PRIVATE KEY-----";
    let expected = "-----BEGIN PRIVATE KEY-----*********-----END PRIVATE KEY-----";
    assert_eq!(hidden(one), expected);
    // A line that was cut before its end.
    let cut = "x='-----BEGIN PRIVATE KEY----- MIIE KEYa";
    assert_eq!(hidden(cut), "x='-----BEGIN PRIVATE KEY----- **** ****");
    // One without an end does not hide the rest of a recording.
    let open = format!("-----BEGIN PRIVATE KEY-----\n{}last\n", "x\n".repeat(300));
    assert!(hidden(&open).ends_with("x\nlast\n"));
}

#[test]
fn a_persons_own_rules_are_heard_and_known_ones_can_be_left_out() {
    let own = ["ACME-([0-9]+)".to_owned(), "코드명 \\S+".to_owned()];
    let redactor = Redactor::new(&own, &["password".to_owned()]).unwrap();
    assert_eq!(redactor.text("ACME-12345 password=plainly"), "ACME-***** password=plainly");
    // Column by column, so that what follows stays where it is.
    assert_eq!(redactor.text("코드명 비밀 x"), "****** **** x");
    assert!(matches!(Redactor::new(&["(".into()], &[]), Err(RedactError::Bad(_))));
    assert!(matches!(Redactor::new(&["x*".into()], &[]), Err(RedactError::Empty)));
    let unknown = Redactor::new(&[], &["pasword".into()]).unwrap_err();
    assert_eq!(unknown.to_string(), "no rule is called `pasword`, the nearest is `password`");
    assert!(matches!(Redactor::new(&["x{1000}{1000}".into()], &[]), Err(RedactError::Bad(_))));
}

#[test]
fn a_rule_that_finds_too_much_hides_the_rest_unseen() {
    let redactor = Redactor::new(&["a".to_owned()], &[]).unwrap();
    let text = "a".repeat(FINDS) + " between " + &"a".repeat(10) + " behind";
    let masked = redactor.text(&text).into_owned();
    assert_eq!(masked, "*".repeat(FINDS) + " between " + &"*".repeat(10) + " ******");
}

#[test]
fn stretches_that_overlap_are_one() {
    assert_eq!(united(vec![4..9, 0..2, 6..7, 9..10]), [0..2, 4..10]);
    let mut lines = Redactor::default().lines();
    assert!(lines.find("nothing").is_empty());
    lines.find("token=abcdefgh");
    assert_eq!(lines.hidden(), 1);
}
