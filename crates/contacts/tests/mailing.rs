//! The steps of an invitation's mail: claimed, sent, noted.

#![allow(clippy::expect_used, reason = "a test that panics has failed")]

mod pairs;

use std::time::Duration;

use contacts::{
    EmailAddress, Message, Timestamp,
    invitation::{Invitation, LEASE, MAX_SENDS, Stage},
    mailing::{Reach, Sending},
    relationship::{Action, Decline, Outcome, Pair, Surroundings, apply},
    time::days,
    token::AddressHash,
};
use pairs::{ask, before, id, invite, must, start, user};

const AT: Duration = Duration::from_secs(1);

/// Bytes that are all the same.
struct Same(u8);

impl contacts::Random for Same {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(self.0);
    }
}

fn invitation() -> Invitation {
    Invitation::new(
        AddressHash::from_bits(1),
        user("inviter"),
        EmailAddress::parse("you@example.com").expect("an address"),
        Message::default(),
        None,
        id(9),
        start(),
    )
}

fn claimed() -> Invitation {
    let mut invitation = invitation();
    assert!(invitation.claim(Reach::Mail, start()));
    invitation
}

fn noted(sending: &Sending, now: Timestamp) -> Invitation {
    let mut invitation = claimed();
    invitation.note(sending, start() + AT, now, &Same(0));
    invitation
}

#[test]
fn it_is_due_from_its_time_on_until_it_is_put_aside() {
    let mut new = invitation();
    assert!(!new.is_due(before(start())) && new.is_due(start()));
    new.put_aside();
    assert!(!new.is_due(start() + days(9)));
}

#[test]
fn a_claim_is_another_mailers_after_the_lease_and_sends_twice_at_the_most() {
    let mut invitation = invitation();
    let mut now = start();
    for sends in 1..=MAX_SENDS {
        assert!(invitation.claim(Reach::Mail, now));
        assert_eq!(invitation.mailing.sends, sends);
        assert!(!invitation.is_due(before(now + LEASE)));
        now = now + LEASE;
        assert!(invitation.is_due(now));
    }
    assert!(!invitation.claim(Reach::Mail, now), "a third mail");
    assert_eq!(invitation.mailing.sends, MAX_SENDS);
    assert_eq!(
        invitation.mailing.due_at,
        Some(now + LEASE),
        "it is claimed all the same"
    );
}

#[test]
fn what_is_not_mailed_is_claimed_like_what_is() {
    let mut silent = invitation();
    assert!(!silent.claim(Reach::Silence, start()));
    let mailed = claimed();
    assert_eq!(
        (silent.stage, silent.mailing.due_at),
        (mailed.stage, mailed.mailing.due_at)
    );
    assert_eq!(silent.mailing.sends, 0);
}

#[test]
fn a_mail_tells_of_a_request_that_is_shown_and_of_no_other() {
    let invitation = invitation();
    let come = |pair: &Pair, action| apply(pair, action, Surroundings::default(), start()).expect("it is allowed");
    let nobody = Pair::default();
    let invited = must(&nobody, invite(1, 1), start());
    let declined = must(
        &invited.seen_by_other(),
        Action::Decline(id(1), Decline::Never),
        start(),
    )
    .seen_by_other();
    let own = must(&nobody, ask(1), start());
    let contact = must(&own.seen_by_other(), Action::Accept(id(1)), start());
    for (pair, reach) in [
        (&nobody, Reach::Mail),
        (&invited, Reach::Mail),
        (&declined, Reach::Silence),
        // They have the inviter's own request.
        (&own, Reach::Silence),
        (&own.seen_by_other(), Reach::Contact),
        (&contact, Reach::Contact),
    ] {
        let outcome: Outcome = come(pair, invite(2, 1)).outcome;
        assert_eq!(invitation.reach(Some(&outcome)), reach, "{outcome:?}");
    }
    assert_eq!(invitation.reach(None), Reach::Silence, "refused");
}

#[test]
fn a_mail_that_was_taken_is_sent_since_the_moment_of_its_claim() {
    let sent = noted(
        &Sending::Accepted {
            message_id: Some("1".to_owned()),
        },
        start() + AT * 9,
    );
    assert_eq!((sent.stage, sent.sent_at), (Stage::Sent, Some(start() + AT)));
    assert_eq!(sent.mailing.due_at, None);
    assert_eq!(sent.mailing.message_id.as_deref(), Some("1"));
    assert_eq!(sent.mailing.sends, 1);
}

#[test]
fn a_mail_that_was_not_taken_comes_again_and_counts_only_its_own_failure() {
    let after = Duration::from_secs(30);
    for (counts, attempts) in [(true, 1), (false, 0)] {
        let later = noted(&Sending::NotNow { after, counts }, start());
        assert_eq!((later.stage, later.sent_at), (Stage::Queued, None));
        assert_eq!((later.mailing.sends, later.mailing.attempts), (0, attempts));
        assert_eq!(later.mailing.due_at, Some(start() + after));
    }
    // Not all at once: up to half as long again.
    for random in 0..=u8::MAX {
        let mut later = claimed();
        later.note(
            &Sending::NotNow { after, counts: true },
            start(),
            start(),
            &Same(random),
        );
        let due = later.mailing.due_at.expect("it is due");
        assert!(
            (start() + after..=start() + after + after / 2).contains(&due),
            "{random}"
        );
    }
}

#[test]
fn a_refused_mail_ends_it_and_an_unknown_one_waits() {
    let reason = "MessageRejected".to_owned();
    let refused = noted(&Sending::Refused { reason: reason.clone() }, start());
    assert_eq!((refused.stage, refused.reason), (Stage::Undeliverable, Some(reason)));
    assert_eq!(refused.mailing.due_at, None);
    let unknown = noted(&Sending::Unknown, start());
    assert_eq!((unknown.stage, unknown.mailing.sends), (Stage::Queued, 1));
    assert_eq!(unknown.mailing.due_at, Some(start() + Duration::from_secs(900)));
}

#[test]
fn a_second_mail_leaves_a_contact_a_contact() {
    let mut accepted = claimed();
    accepted.accept();
    assert_eq!((accepted.stage, accepted.mailing.due_at), (Stage::Accepted, None));
    accepted.settle_as_sent(start() + AT);
    assert_eq!(accepted.stage, Stage::Accepted);
    assert_eq!(accepted.sent_at, Some(start() + AT));
}
