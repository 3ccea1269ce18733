//! Each function may do what it does, and nothing that a function of its kind must never be allowed, whatever it was seen to do:
//! the statements of `template.yaml` are written by a test, so somebody has to say where that ends.

use std::collections::BTreeSet;

use functions::endpoints;
use infra::template::Function;

use crate::{blocks::needs, world::TEMPLATE};

/// What a function may be allowed to do at all. It reads and writes items by their keys.
const ACTIONS: &[&str] = &[
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
];

const SIGN_UPS: &[&str] = &["auth-signup", "auth-sign-up-email"];
const SIGN_INS: &[&str] = &["auth-login", "auth-sign-in-email"];
const PASSWORD_CHANGES: &[&str] = &["auth-change-password"];
const RESETS: &[&str] = &["auth-reset-password"];
const DELETIONS: &[&str] = &["auth-delete-user", "auth-follow-deletion-link"];
/// What asks for mails to an address, of which it has to know whether it has an account.
const TO_ADDRESSES: &[&str] = &["auth-forgot-password", "auth-request-password-reset", "auth-send-verification-email"];
const EMAIL_CHANGES: &[&str] = &["auth-change-email", "auth-verify-email", "auth-verify-email-code"];

/// The functions that requests start.
fn of_endpoints() -> impl Iterator<Item = &'static Function> {
    TEMPLATE.functions.values().filter(|function| !function.routes.is_empty())
}

/// Every function with each of its rights: the function, the action without its service, the table.
fn rights() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let rights = |function: &'static Function| {
        let grants = function.grants.iter();
        grants.map(|(action, table)| {
            (function.binary.as_str(), action.strip_prefix("dynamodb:").unwrap_or(action), table.as_str())
        })
    };
    of_endpoints().flat_map(rights)
}

fn is_write(action: &str) -> bool {
    ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"].contains(&action)
}

/// Only these functions have such a right.
fn assert_only(owners: &[&[&str]], what: &str, is_such: impl Fn(&str, &str) -> bool) {
    let owners = owners.concat();
    for (function, action, table) in rights().filter(|(_, action, table)| is_such(action, table)) {
        assert!(owners.contains(&function), "{function} may {action} on {table}, but {what}");
    }
}

#[test]
fn each_function_is_allowed_exactly_the_calls_that_it_makes() {
    for function in of_endpoints() {
        let allowed: BTreeSet<_> = function.grants.iter().cloned().collect();
        assert_eq!(allowed, needs(&function.binary), "{}", function.binary);
    }
}

#[test]
fn a_right_is_one_action_on_items_of_one_table() {
    for function in of_endpoints() {
        for (action, table) in &function.grants {
            assert!(ACTIONS.contains(&action.as_str()), "{} may {action} on {table}", function.binary);
            assert!(TEMPLATE.tables.contains_key(table), "{} may {action} on {table}, no table", function.binary);
        }
    }
}

#[test]
fn what_serves_tasks_knows_no_credentials_and_changes_nothing_but_tasks() {
    for (function, action, table) in rights() {
        let is_of_tasks = ["Tasks", "Idempotency"].contains(&table);
        // Whoever asks for their own data gets their tasks too.
        let is_export = (function, action, table) == ("auth-export", "Query", "Tasks");
        if function.starts_with("tasks-") {
            assert!(table != "Credentials", "{function} may {action} on Credentials");
            assert!(is_of_tasks || !is_write(action), "{function} may {action} on {table}");
        } else {
            assert!(is_export || !is_of_tasks, "{function} may {action} on {table}");
        }
    }
}

#[test]
fn credentials_are_for_those_who_set_or_verify_passwords() {
    assert_only(&[SIGN_UPS], "only a sign-up makes an account", |action, table| {
        (action, table) == ("PutItem", "Users")
    });
    assert_only(&[SIGN_UPS, EMAIL_CHANGES], "it gives nobody an address", |action, table| {
        (action, table) == ("PutItem", "Credentials")
    });
    assert_only(&[SIGN_INS, PASSWORD_CHANGES, RESETS], "it sets no password", |action, table| {
        (action, table) == ("UpdateItem", "Credentials")
    });
    let owners = [SIGN_UPS, SIGN_INS, PASSWORD_CHANGES, RESETS, DELETIONS, TO_ADDRESSES, EMAIL_CHANGES];
    assert_only(&owners, "it is none of its business", |_, table| table == "Credentials");
    assert_only(&[DELETIONS], "it deletes no account", |action, table| {
        (action, table) == ("DeleteItem", "Users") || table == "Deletions"
    });
    assert_only(&[DELETIONS, EMAIL_CHANGES], "it takes nobody's address away", |action, table| {
        (action, table) == ("DeleteItem", "Credentials")
    });
}

#[test]
fn who_posts_letters_reads_none() {
    let owners = [SIGN_UPS, SIGN_INS, PASSWORD_CHANGES, RESETS, DELETIONS, TO_ADDRESSES, EMAIL_CHANGES].concat();
    for (function, action, _) in rights().filter(|(_, _, table)| *table == "Outbox") {
        assert!(owners.contains(&function) && action == "PutItem", "{function} may {action} on Outbox");
    }
}

#[test]
fn what_counts_requests_does_nothing_else_with_counts() {
    let counting: BTreeSet<_> = rights()
        .filter(|(_, _, table)| *table == "Limits")
        .map(|(function, action, _)| {
            assert_eq!(action, "UpdateItem", "{function}");
            function
        })
        .collect();
    let limited = endpoints().filter(|endpoint| endpoint.limit.is_some()).map(|endpoint| endpoint.name);
    assert_eq!(counting, limited.collect());
}

#[test]
fn a_session_begins_where_a_password_was_set_or_verified() {
    let owners = [SIGN_UPS, SIGN_INS, PASSWORD_CHANGES, &["auth-verify-email"]];
    assert_only(&owners, "it has seen neither a password nor a link", |action, table| {
        (action, table) == ("PutItem", "Sessions")
    });
    // Which also puts items.
    assert_only(&owners, "it has no room to make for a session", |action, _| action == "BatchWriteItem");
}

#[test]
fn what_asks_for_no_credential_and_hashes_nothing_has_no_rights() {
    for (function, action, table) in rights() {
        assert!(
            !["auth-error", "auth-jwks", "auth-ok", "fallback"].contains(&function),
            "{function}: {action} {table}"
        );
    }
}
