//! The table of `docs/relationship.md`, cell by cell, and the figures that it names.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod pairs;

use contacts::{
    Timestamp,
    invitation::{InvitationRef, new_invitation_id},
    relationship::{AvailableAction, Connect, Contact, Context, DeclineMode, Origin, Pair, Refusal, Relation},
    time::days,
};
use pairs::{AnyAction, AnyOutcome, apply, ask, id, invitation, invite, may, must, press, start};
use ulid::Ulid;

const DOCUMENT: &str = include_str!("../../../docs/relationship.md");
const ALONE: Context = Context {
    colleagues: false,
    at_contact_limit: false,
    other_at_contact_limit: false,
};
const COLLEAGUES: Context = Context {
    colleagues: true,
    ..ALONE
};
const I_AM_FULL: Context = Context {
    at_contact_limit: true,
    ..ALONE
};
const OTHER_IS_FULL: Context = Context {
    other_at_contact_limit: true,
    ..ALONE
};
const BOTH_FULL: Context = Context {
    at_contact_limit: true,
    other_at_contact_limit: true,
    ..ALONE
};

/// The cells of a table of the document whose first heading is this.
fn table(first: &str, second: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        let inner = line.trim().trim_matches('|');
        inner.split('|').map(|cell| cell.trim().replace('`', "")).collect()
    };
    let rows = DOCUMENT.lines().map(cells).skip_while(|row| {
        row.first().map(String::as_str) != Some(first) || row.get(1).map(String::as_str) != Some(second)
    });
    rows.take_while(|row| row.len() > 1)
        .filter(|row| !row[0].starts_with("---"))
        .collect()
}

/// A pair in a state of the document, seen by me, at the start.
fn in_state(state: &str) -> (Pair, Context) {
    let now = start();
    let nothing = Pair::default();
    let asked = must(&nothing, ask(1), now);
    let declined = |asked: &Pair| {
        let theirs = asked.seen_by_other();
        must(&theirs, AnyAction::Decline(id(1), DeclineMode::NotNow), now).seen_by_other()
    };
    let pair = match state {
        "nothing" | "colleagues" => nothing,
        "refused" => must(&declined(&asked), AnyAction::Cancel(id(1)), now),
        "asked" => asked,
        "shadow" => declined(&asked),
        "invited" => must(&nothing, invite(1, 1), now),
        "asks me" => asked.seen_by_other(),
        "refused it" => declined(&asked).seen_by_other(),
        "contact" => must(&asked.seen_by_other(), AnyAction::Accept(id(1)), now),
        "I block" => must(&asked, AnyAction::Block, now),
        "blocked" => must(&asked, AnyAction::Block, now).seen_by_other(),
        "pressed" => must(&in_state("blocked").0, press(1), now),
        "I block it" => in_state("pressed").0.seen_by_other(),
        other => panic!("no such state: {other}"),
    };
    (pair, if state == "colleagues" { COLLEAGUES } else { ALONE })
}

/// The state of a pair that nobody's membership has a say in.
fn state_of(pair: &Pair, now: Timestamp) -> &'static str {
    let open = |side: &contacts::relationship::Side| side.request.clone().filter(|request| request.is_open(now));
    let refused = |refusals: &contacts::relationship::Refusals| {
        refusals.never || refusals.cool_down_until.is_some_and(|until| now < until)
    };
    match (open(&pair.mine), open(&pair.theirs)) {
        (_, Some(_)) if pair.mine.blocks_since.is_some() => "I block it",
        (Some(_), _) if pair.theirs.blocks_since.is_some() => "pressed",
        _ if pair.mine.blocks_since.is_some() => "I block",
        _ if pair.theirs.blocks_since.is_some() => "blocked",
        _ if pair.contact.is_some() => "contact",
        (Some(mine), _) if mine.invitation.is_some() => "invited",
        (Some(mine), _) if mine.shadow => "shadow",
        (Some(_), _) => "asked",
        (_, Some(theirs)) if theirs.shadow => "refused it",
        (_, Some(_)) => "asks me",
        _ if refused(&pair.theirs.refusals) => "refused",
        _ => "nothing",
    }
}

fn action_of(name: &str) -> AnyAction {
    match name {
        "request" => ask(2),
        "press" => press(2),
        "connect" => AnyAction::Connect(Connect {
            origin: Origin::ShareLink,
            invitation: None,
        }),
        "accept" => AnyAction::Accept(id(1)),
        "decline" => AnyAction::Decline(id(1), DeclineMode::NotNow),
        "cancel" => AnyAction::Cancel(id(1)),
        "withdraw" => AnyAction::Withdraw(invitation(1)),
        "remove" => AnyAction::Remove,
        "block" => AnyAction::Block,
        "unblock" => AnyAction::Unblock,
        other => panic!("no such action: {other}"),
    }
}

fn name_of(outcome: &AnyOutcome) -> &'static str {
    match outcome {
        AnyOutcome::Sent(_) => "sent",
        AnyOutcome::AlreadyPending(_) => "already pending",
        AnyOutcome::Connected(_) => "connected",
        AnyOutcome::AlreadyContact => "already contact",
        AnyOutcome::Done => "done",
    }
}

fn name_of_refusal(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotFound => "not found",
        Refusal::NotPending => "not pending",
        Refusal::AtLimit => "at limit",
        Refusal::CannotAcceptNow => "cannot accept now",
        Refusal::Colleague => "colleague",
    }
}

/// What a cell says for an action on a pair.
fn cell(pair: &Pair, action: AnyAction, context: Context, now: Timestamp) -> String {
    match apply(pair, action, context, now) {
        Err(refusal) => name_of_refusal(refusal).to_owned(),
        Ok(after) => {
            let outcome = name_of(&after.outcome);
            let state = state_of(&after.pair, now);
            if state == state_of(pair, now) {
                outcome.to_owned()
            } else {
                format!("{outcome} → {state}")
            }
        }
    }
}

#[test]
fn every_cell_of_the_table_of_transitions_is_what_the_code_does() {
    let table = table("state", "request");
    assert_eq!((table.len(), table[0].len()), (14, 11), "the table as a whole");
    let now = start() + pairs::MILLISECOND;
    for row in &table[1..] {
        for (action, expected) in table[0].iter().zip(row).skip(1) {
            let (pair, context) = in_state(&row[0]);
            assert_eq!(
                &cell(&pair, action_of(action), context, now),
                expected,
                "{action} when {}",
                row[0]
            );
        }
    }
}

#[test]
fn every_state_shows_the_relation_that_the_table_of_states_names() {
    let table = table("state", "holds");
    assert_eq!(table.len(), 14, "the table as a whole");
    for row in &table[1..] {
        let (pair, context) = in_state(&row[0]);
        if row[0] != "colleagues" {
            assert_eq!(state_of(&pair, start()), row[0]);
        }
        let relation = serde_json::to_value(pair.relation(context.colleagues, start())).expect("a relation");
        let blocked = ["I block", "I block it", "blocked", "pressed"].contains(&row[0].as_str());
        assert_eq!(blocked, pair.is_blocked(), "{}", row[0]);
        let hidden = row[2] == "the other is not there";
        let expected = if hidden { "none" } else { row[2].as_str() };
        assert_eq!(relation, expected, "{}", row[0]);
    }
}

#[test]
fn every_row_of_the_limits_holds() {
    let table = table("action", "I am full");
    assert_eq!(table.len(), 4, "the table as a whole");
    let connecting = [
        ("asks me", AnyAction::Accept(id(1))),
        ("asks me", ask(2)),
        ("refused it", ask(2)),
        ("nothing", action_of("connect")),
        ("asked", action_of("connect")),
    ];
    let cases: [&[(&str, AnyAction)]; 3] = [
        &[
            ("nothing", ask(2)),
            ("nothing", press(2)),
            ("refused", ask(2)),
            ("invited", ask(2)),
            ("blocked", press(2)),
        ],
        &[
            ("asked", ask(2)),
            ("asked", press(2)),
            ("shadow", ask(2)),
            ("contact", ask(2)),
            ("pressed", press(2)),
        ],
        &connecting,
    ];
    for (row, cases) in table[1..].iter().zip(cases) {
        for (state, action) in cases {
            let (pair, _) = in_state(state);
            let free = cell(&pair, action.clone(), ALONE, start());
            let expected = |cell: &str| {
                if cell == "no matter" {
                    free.clone()
                } else {
                    cell.to_owned()
                }
            };
            let full = |context| cell(&pair, action.clone(), context, start());
            assert_eq!(full(I_AM_FULL), expected(&row[1]), "{state}: {}", row[0]);
            assert_eq!(full(OTHER_IS_FULL), expected(&row[2]), "{state}: {}", row[0]);
            assert_eq!(full(BOTH_FULL), full(I_AM_FULL), "{state}: only my own limit is named");
        }
    }
}

#[test]
fn what_a_page_offers_is_what_is_not_refused() {
    use AvailableAction::{Accept, Block, Cancel, Decline, Remove, Request};
    for (state, expected) in [
        ("nothing", &[Request, Block][..]),
        ("refused", &[Request, Block]),
        ("asked", &[Cancel, Block]),
        ("shadow", &[Cancel, Block]),
        ("invited", &[Request, Block]),
        ("asks me", &[Accept, Decline, Block]),
        ("refused it", &[Request, Block]),
        ("contact", &[Remove, Block]),
        ("colleagues", &[]),
    ] {
        let (pair, context) = in_state(state);
        let offered = pair.available_actions(context.colleagues, start());
        assert_eq!(offered, expected, "{state}");
        for action in offered {
            let name = serde_json::to_value(action).expect("an action");
            let action = action_of(name.as_str().expect("a name"));
            assert!(
                apply(&pair, action.clone(), context, start()).is_ok(),
                "{action:?} when {state}"
            );
        }
    }
}

#[test]
fn cool_downs_are_exact_and_cancelling_resets_none() {
    let mut pair = Pair::default();
    let mut now = start();
    let mut number = 1;
    let mut next = || {
        number += 1;
        id(number)
    };
    for cool_down in [7, 30, 90, 90, 90] {
        let shown = next();
        pair = must(&pair, pairs::ask_as(shown), now);
        assert!(
            pair.seen_by_other().incoming(now).is_some(),
            "asked when no cool-down runs"
        );
        let theirs = pair.seen_by_other();
        pair = must(&theirs, AnyAction::Decline(shown, DeclineMode::NotNow), now).seen_by_other();
        pair = must(&pair, AnyAction::Cancel(shown), now);
        let end = now + days(cool_down);
        assert_eq!(pair.theirs.refusals.cool_down_until, Some(end));
        for early in [now, now + days(cool_down - 1), pairs::before(end)] {
            let hidden = next();
            pair = must(&pair, pairs::ask_as(hidden), early);
            assert!(pair.outgoing(early).is_some());
            assert_eq!(pair.seen_by_other().incoming(early), None, "{cool_down} days");
            assert_eq!(pair.seen_by_other().incoming(end), None, "a shadow stays one");
            pair = must(&pair, AnyAction::Cancel(hidden), early);
        }
        now = end;
    }
}

#[test]
fn never_has_no_end_until_the_two_agree() {
    let (pair, _) = in_state("asks me");
    let pair = must(&pair, AnyAction::Decline(id(1), DeclineMode::Never), start()).seen_by_other();
    let pair = must(&pair, AnyAction::Cancel(id(1)), start());
    let later = start() + days(10_000);
    let asked = must(&pair, ask(2), later);
    assert_eq!(asked.seen_by_other().incoming(later), None);
    // Who said never asks: the shadow stands, so they connect, and are as new after a parting.
    let agreed = must(&asked.seen_by_other(), ask(3), later);
    assert!(agreed.contact.is_some());
    let parted = must(&agreed, AnyAction::Remove, later).seen_by_other();
    let again = must(&parted, ask(4), later);
    assert!(again.seen_by_other().incoming(later).is_some());
}

#[test]
fn a_block_keeps_the_refusals() {
    let (pair, _) = in_state("refused it");
    let blocked = must(&pair, AnyAction::Block, start());
    let unblocked = must(&blocked, AnyAction::Unblock, start()).seen_by_other();
    assert_eq!(state_of(&unblocked, start()), "refused");
}

#[test]
fn fault_11_what_is_sent_past_a_block_is_a_shadow_to_its_end() {
    let (blocked, _) = in_state("blocked");
    let pressed = apply(&blocked, press(2), ALONE, start()).expect("it is sent");
    let AnyOutcome::Sent(request) = &pressed.outcome else {
        panic!("{:?}", pressed.outcome)
    };
    let (nothing, _) = in_state("nothing");
    let ordinary = apply(&nothing, press(2), ALONE, start()).expect("it is sent");
    let AnyOutcome::Sent(as_any) = ordinary.outcome else {
        panic!("{:?}", ordinary.outcome)
    };
    let hidden = contacts::relationship::Request { shadow: true, ..as_any };
    assert_eq!(request, &hidden, "but for what its sender does not see");
    let pair = pressed.pair;
    // The same request again, and an end by itself, as any.
    assert_eq!(cell(&pair, press(3), ALONE, start() + days(89)), "already pending");
    assert_eq!(cell(&pair, press(3), ALONE, start() + days(90)), "sent → pressed");
    // Cancelled once; a second time it is no longer pending, and not unknown.
    assert_eq!(
        cell(&pair, AnyAction::CancelPressed(id(2)), ALONE, start()),
        "done → blocked"
    );
    let cancelled = must(&pair, AnyAction::CancelPressed(id(2)), start());
    assert_eq!(
        cell(&cancelled, AnyAction::CancelPressed(id(2)), ALONE, start()),
        "not pending"
    );
    let ended = start() + days(90);
    assert_eq!(
        cell(&pair, AnyAction::CancelPressed(id(2)), ALONE, ended),
        "not pending"
    );
    // What stood before the block is unknown, whatever was sent past it.
    assert_eq!(cell(&pair, AnyAction::Cancel(id(1)), ALONE, start()), "not found");
    // It outlives the block, and is shown by nothing but an agreement.
    let theirs = pair.seen_by_other();
    let unblocked = must(&theirs, AnyAction::Unblock, start());
    assert_eq!(state_of(&unblocked, start()), "refused it");
    assert_eq!(unblocked.incoming(start()), None);
    assert_eq!(
        cell(&unblocked.seen_by_other(), press(3), ALONE, start()),
        "already pending"
    );
    let agreed = must(&unblocked, ask(4), start());
    assert!(agreed.contact.is_some());
    // A second block ends it as any.
    let again = must(&unblocked, AnyAction::Block, start());
    assert_eq!(state_of(&again.seen_by_other(), start()), "blocked");
    // Whoever blocks has no link of the other's to press.
    assert_eq!(cell(&theirs, press(5), ALONE, start()), "not found");
}

#[test]
fn a_request_ends_to_the_millisecond() {
    let invited = must(&Pair::default(), invite(1, 1), start());
    for (row, pair, end) in [
        ("asked", in_state("asked").0, start() + days(90)),
        ("invited", invited, start() + days(30)),
    ] {
        let theirs = pair.seen_by_other();
        let last = pairs::before(end);
        assert_eq!(theirs.relation(false, last), Relation::AwaitingMe, "{row}");
        assert!(may(&theirs, AnyAction::Accept(id(1)), last), "{row}");
        assert_eq!(theirs.relation(false, end), Relation::None, "{row}");
        assert_eq!(pair.relation(false, end), Relation::None, "{row}");
        for action in [AnyAction::Accept(id(1)), AnyAction::Decline(id(1), DeclineMode::Never)] {
            assert_eq!(cell(&theirs, action, ALONE, end), "not pending");
        }
        for action in [AnyAction::Cancel(id(1)), AnyAction::Withdraw(invitation(1))] {
            assert_eq!(cell(&pair, action, ALONE, end), "not pending");
        }
        // Neither is it agreed with by asking.
        assert_eq!(cell(&theirs, ask(2), ALONE, end), "sent → asked");
    }
}

#[test]
fn asking_again_is_the_same_request_and_writes_nothing() {
    for state in ["asked", "shadow"] {
        let (pair, _) = in_state(state);
        let later = start() + days(89);
        let again = apply(&pair, ask(2), ALONE, later).expect("it stands");
        let AnyOutcome::AlreadyPending(standing) = again.outcome else {
            panic!("{state}: {:?}", again.outcome)
        };
        assert_eq!((standing.request_id, standing.expires_at), (id(1), start() + days(90)));
        assert_eq!(again.pair, pair);
    }
}

#[test]
fn a_contact_has_the_origin_of_the_request_and_accepts_its_invitation() {
    let invited = must(&Pair::default(), invite(1, 1), start()).seen_by_other();
    for action in [AnyAction::Accept(id(1)), ask(2)] {
        let after = apply(&invited, action, ALONE, start()).expect("they connect");
        let contact = Contact {
            since: start(),
            origin: Origin::EmailInvitation,
        };
        assert_eq!(after.outcome, AnyOutcome::Connected(contact.clone()));
        assert_eq!(after.pair.contact, Some(contact));
        assert_eq!(after.accepted_invitation, Some(invitation(1)));
    }
    // Colleagues by now: nothing external comes of it, and the invitation has its end all the same.
    let after = apply(&invited, AnyAction::Accept(id(1)), COLLEAGUES, start()).expect("it is accepted");
    assert_eq!((after.outcome, after.pair), (AnyOutcome::Done, Pair::default()));
    assert_eq!(after.accepted_invitation, Some(invitation(1)));
}

#[test]
fn a_request_of_ones_own_replaces_what_an_invitation_made_and_not_the_other_way_round() {
    let invited = must(&Pair::default(), invite(1, 1), start());
    assert_eq!(cell(&invited, invite(2, 1), ALONE, start()), "already pending");
    let other_invitation = must(&invited, invite(2, 2), start());
    assert_eq!(
        other_invitation.mine.request.map(|request| request.request_id),
        Some(id(2))
    );
    assert_eq!(
        cell(&invited, AnyAction::Withdraw(invitation(2)), ALONE, start()),
        "not pending"
    );
    // One that bounced, and was followed by this one to the same address.
    let next = InvitationRef {
        invitation_id: new_invitation_id(invitation(1).address(), start() + days(1)),
        ..invitation(1)
    };
    assert_eq!(
        cell(&invited, AnyAction::Withdraw(next), ALONE, start()),
        "done → nothing"
    );
    let own = must(&invited, ask(2), start());
    assert_eq!(own.outgoing(start()).map(|request| request.request_id), Some(id(2)));
    assert_eq!(cell(&own, invite(3, 1), ALONE, start()), "already pending");
    assert_eq!(
        cell(&own, AnyAction::Withdraw(invitation(1)), ALONE, start()),
        "not pending"
    );
}

#[test]
fn a_block_from_before_rests_while_the_two_are_colleagues() {
    for state in ["I block", "blocked"] {
        let (pair, _) = in_state(state);
        assert_eq!(pair.relation(true, start()), Relation::Contact);
        assert_eq!(cell(&pair, ask(2), COLLEAGUES, start()), "already contact");
        assert_eq!(cell(&pair, AnyAction::Block, COLLEAGUES, start()), "colleague");
        assert_eq!(cell(&pair, ask(2), ALONE, start()), "not found");
    }
    let (pair, _) = in_state("I block");
    assert_eq!(cell(&pair, AnyAction::Unblock, COLLEAGUES, start()), "done → nothing");
}

#[test]
fn an_external_contact_of_colleagues_stays_and_cannot_be_removed() {
    let (pair, _) = in_state("contact");
    assert_eq!(cell(&pair, AnyAction::Remove, COLLEAGUES, start()), "colleague");
    assert_eq!(cell(&pair, AnyAction::Block, COLLEAGUES, start()), "colleague");
    assert_eq!(pair.relation(false, start()), Relation::Contact);
}

#[test]
fn nobody_acts_on_a_request_that_is_not_theirs_to_act_on() {
    for (state, action) in [
        ("asked", "accept"),
        ("asked", "decline"),
        ("shadow", "accept"),
        ("asks me", "cancel"),
        ("invited", "cancel"),
        ("refused it", "accept"),
        ("refused it", "decline"),
    ] {
        let (pair, context) = in_state(state);
        assert_eq!(
            cell(&pair, action_of(action), context, start()),
            "not pending",
            "{action} when {state}"
        );
    }
    // An id that is not the standing one's.
    for (state, action) in [
        ("asks me", AnyAction::Accept(id(9))),
        ("asks me", AnyAction::Decline(id(9), DeclineMode::Never)),
        ("asked", AnyAction::Cancel(Ulid::nil())),
    ] {
        let (pair, context) = in_state(state);
        assert_eq!(
            cell(&pair, action.clone(), context, start()),
            "not pending",
            "{action:?} when {state}"
        );
    }
}
