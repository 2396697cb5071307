//! The whole table of roles, grants and requests, and the cases that look into a message.

use ccc_proto::{Attach, Ext, Ping, PixelSize, Spawn, WireSize};

use super::*;

const HERE: Ulid = Ulid(7);
const ELSEWHERE: Ulid = Ulid(8);

fn principal(role: Role, all_sessions: bool, grants: &[(Ulid, Level)]) -> Principal {
    let grants = grants.iter().copied().collect();
    Principal { id: "x".into(), name: "x".into(), role, all_sessions, grants }
}

fn may(role: Role, action: Action, scope: Scope) -> bool {
    let resource = match scope {
        Scope::Server => Resource::Server,
        Scope::Whole => Resource::Whole,
        Scope::Session | Scope::Each => Resource::Session(HERE),
    };
    authorize(&principal(role, true, &[]), action, resource).is_ok()
}

/// The same for a viewer who sees one session only, by a grant.
fn granted(level: Level, action: Action, scope: Scope) -> bool {
    let resource = match scope {
        Scope::Server => Resource::Server,
        Scope::Whole => Resource::Whole,
        Scope::Session | Scope::Each => Resource::Session(HERE),
    };
    authorize(&principal(Role::Viewer, false, &[(HERE, level)]), action, resource).is_ok()
}

/// A line for each message, with the roles and the grants by which it may be sent.
fn matrix() -> String {
    let mut out = String::from(
        "message            action        where    viewer operator admin owner | view type own\n",
    );
    for (_, name) in Message::NUMBERS {
        let rules: Vec<_> = Action::RULES.iter().filter(|(rule, ..)| rule == name).collect();
        assert_eq!(rules.len(), 1, "rules of {name}");
        let (_, action, scope) = *rules[0];
        let word = |yes: bool| if yes { "yes" } else { "-" };
        let [viewer, operator, admin, owner] = Role::ALL.map(|role| word(may(role, action, scope)));
        let [view, typing, own] = Level::ALL.map(|level| word(granted(level, action, scope)));
        let (action, scope) = (format!("{action:?}"), format!("{scope:?}"));
        out.push_str(&format!(
            "{name:<18} {action:<13} {scope:<8} {viewer:<6} {operator:<8} {admin:<5} {owner:<5} | {view:<4} {typing:<4} {own}\n"
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
        let may = may(Role::Owner, *action, Scope::Server);
        assert_eq!(may, *action != Action::Answer, "{action:?}");
    }
}

#[test]
fn a_higher_role_may_all_that_a_lower_one_may_and_so_a_higher_grant() {
    for action in Action::ALL {
        let allowed = Role::ALL.map(|role| may(role, *action, Scope::Session));
        assert!(allowed.is_sorted(), "{action:?}: {allowed:?}");
        let allowed = Level::ALL.map(|level| granted(level, *action, Scope::Session));
        assert!(allowed.is_sorted(), "{action:?}: {allowed:?}");
    }
}

#[test]
fn no_grant_for_a_session_reaches_the_server_or_another_session() {
    for action in Action::ALL {
        let granted = principal(Role::Viewer, false, &[(HERE, Level::Own)]);
        let bare = principal(Role::Viewer, false, &[]);
        let of = |principal: &Principal, resource| authorize(principal, *action, resource).is_ok();
        assert_eq!(
            of(&granted, Resource::Server),
            of(&bare, Resource::Server),
            "{action:?} at the server"
        );
        let there = authorize(&granted, *action, Resource::Session(ELSEWHERE)).unwrap_err();
        assert!(there.hidden, "{action:?} elsewhere tells that the session exists");
    }
}

#[test]
fn a_role_that_sees_only_some_sessions_counts_in_none_without_a_grant() {
    let operator = principal(Role::Operator, false, &[(HERE, Level::View)]);
    let typing = |session| authorize(&operator, Action::Type, Resource::Session(session));
    assert!(!typing(HERE).unwrap_err().hidden);
    assert!(typing(ELSEWHERE).unwrap_err().hidden);
    assert!(authorize(&operator, Action::Create, Resource::Server).is_ok());
    assert!(authorize(&operator, Action::Watch, Resource::Session(HERE)).is_ok());
}

#[test]
fn what_the_servers_user_can_do_is_for_those_who_see_every_session() {
    for action in [Action::Forward, Action::Copy] {
        let may = |principal: &Principal| authorize(principal, action, Resource::Whole);
        assert!(may(&principal(Role::Operator, true, &[])).is_ok());
        let some = principal(Role::Operator, false, &[(HERE, Level::Own)]);
        let denied = may(&some).unwrap_err().to_string();
        let words = format!("the role operator in some sessions may not {}", action.name());
        assert_eq!(denied, words);
        assert!(may(&principal(Role::Viewer, true, &[(HERE, Level::Own)])).is_err());
    }
}

#[test]
fn to_take_a_session_from_others_is_more_than_to_look_at_it() {
    let attach = |steal| {
        Action::of(&Message::from(Attach {
            target: String::new(),
            create: false,
            view: false,
            steal,
            size: WireSize { cols: 80, rows: 24 },
            pixels: PixelSize::default(),
            known: Vec::new(),
            spawn: Spawn::default(),
            ext: Ext::none(),
        }))
    };
    assert_eq!(attach(false), Action::Watch);
    assert_eq!(attach(true), Action::Detach);
}

#[test]
fn a_refusal_names_role_and_action() {
    let viewer = principal(Role::Viewer, true, &[]);
    let denied = authorize(&viewer, Action::Type, Resource::Session(HERE)).unwrap_err();
    assert_eq!(denied.to_string(), "the role viewer may not type");
    let ping = Message::from(Ping::default());
    assert_eq!(Scope::of(&ping), Scope::Server);
    assert_eq!(authorize(&viewer, Action::of(&ping), Resource::Server), Ok(()));
}
