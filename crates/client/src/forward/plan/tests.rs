//! What people write, and what they mean by it.

use super::*;

#[test]
fn what_ssh_takes_and_less_is_understood() {
    let check = |text: &str, listen: &str, remote: &str| {
        let plan: ForwardPlan = text.parse().expect(text);
        assert_eq!((plan.listen.to_string(), plan.remote()), (listen.into(), remote.into()));
    };
    check("3000", "127.0.0.1:3000", "localhost:3000");
    check("8080:3000", "127.0.0.1:8080", "localhost:3000");
    check("8080:db:5432", "127.0.0.1:8080", "db:5432");
    check("8080:[fd00::1]:5432", "127.0.0.1:8080", "[fd00::1]:5432");
    check("0.0.0.0:8080:db:5432", "0.0.0.0:8080", "db:5432");
    check("*:8080:db:5432", "0.0.0.0:8080", "db:5432");
    check("[::1]:8080:db:5432", "[::1]:8080", "db:5432");
    check("localhost:8080:db:5432", "127.0.0.1:8080", "db:5432");
    check("0:3000", "127.0.0.1:0", "localhost:3000");
    assert_eq!("3000".parse(), Ok(ForwardPlan::of_port(3000)));
    let open = |text: &str| text.parse::<ForwardPlan>().expect(text).is_open();
    assert!(open("*:1:h:1") && open("192.0.2.1:1:h:1"));
    assert!(!open("1") && !open("[::1]:1:h:1"));
}

#[test]
fn what_is_no_forward_says_what_is_wrong() {
    let check = |text: &str, expected: PlanError| {
        assert_eq!(text.parse::<ForwardPlan>(), Err(expected), "{text}");
    };
    let port = |text: &str| PlanError::Port(text.into());
    check("", port(""));
    check("0", port("0"));
    check("65536", port("65536"));
    check("http", port("http"));
    check("3000:", port(""));
    check("3000:db", port("db"));
    check("3000::80", PlanError::Form);
    check("1:2:3:4:5", PlanError::Form);
    check("[::1", PlanError::Form);
    check("[::1]x:1", PlanError::Form);
    check("eth0:1:db:80", PlanError::Address("eth0".into()));
}
