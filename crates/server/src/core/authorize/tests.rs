//! The whole table of roles and requests, and the cases that look into a message.

use ccc_proto::{Attach, Ext, Ping, PixelSize, Spawn, WireSize};

use super::*;

fn may(role: Role, action: Action) -> bool {
    let principal = Principal { id: "x".into(), role };
    authorize(&principal, action, Resource::Server).is_ok()
}

/// A line for each message, with the roles that may send it.
fn matrix() -> String {
    let mut out = String::from("message            action        viewer operator admin owner\n");
    for (_, name) in Message::NUMBERS {
        let rules: Vec<_> = Action::RULES.iter().filter(|(rule, _)| rule == name).collect();
        assert_eq!(rules.len(), 1, "rules of {name}");
        let action = rules[0].1;
        let [viewer, operator, admin, owner] =
            Role::ALL.map(|role| if may(role, action) { "yes" } else { "-" });
        let action = format!("{action:?}");
        out.push_str(&format!(
            "{name:<18} {action:<13} {viewer:<6} {operator:<8} {admin:<5} {owner}\n"
        ));
    }
    out
}

#[test]
fn the_matrix_is_the_one_that_was_agreed() {
    // To change it on purpose: put what this prints into matrix.txt and read the difference.
    let expected = include_str!("matrix.txt");
    assert!(matrix() == expected, "the matrix is now:\n{}", matrix());
}

#[test]
fn an_owner_may_everything_but_speak_as_the_server() {
    for action in Action::ALL {
        assert_eq!(may(Role::Owner, *action), *action != Action::Answer, "{action:?}");
    }
}

#[test]
fn a_higher_role_may_all_that_a_lower_one_may() {
    for action in Action::ALL {
        let allowed = Role::ALL.map(|role| may(role, *action));
        assert!(allowed.is_sorted(), "{action:?}: {allowed:?}");
    }
}

#[test]
fn to_attach_for_looking_only_is_to_watch() {
    let attach = |view, create, steal| {
        Action::of(&Message::from(Attach {
            target: String::new(),
            create,
            view,
            steal,
            size: WireSize { cols: 80, rows: 24 },
            pixels: PixelSize::default(),
            known: Vec::new(),
            spawn: Spawn::default(),
            ext: Ext::none(),
        }))
    };
    assert_eq!(attach(true, false, false), Action::Watch);
    assert_eq!(attach(false, false, false), Action::Use);
    assert_eq!(attach(true, true, false), Action::Use);
    assert_eq!(attach(true, false, true), Action::Use);
}

#[test]
fn a_refusal_names_role_and_action() {
    let viewer = Principal { id: "x".into(), role: Role::Viewer };
    let denied = authorize(&viewer, Action::Type, Resource::Session(SessionId(3))).unwrap_err();
    assert_eq!(denied.to_string(), "the role viewer may not type");
    let ping = Action::of(&Ping::default().into());
    assert_eq!(authorize(&viewer, ping, Resource::Server), Ok(()));
}
