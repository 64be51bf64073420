//! An invitation: its id, its state by the clock, and what its inviter can do to it.

#![allow(clippy::expect_used, reason = "a test that panics has failed")]

mod pairs;

use contacts::{
    EmailAddress, Message, Timestamp, UserId,
    invitation::{
        CannotResend, Ended, INVITATION_LIFETIME, Invitation, Mailing, RESEND_COOL_DOWN, Stage, State, address_of,
        new_invitation_id, submission::LineStatus,
    },
    secret::{AddressHash, ServiceSecret},
    time::days,
};
use pairs::{before, id, start, user};
use proptest::prelude::*;

const STAGES: [Stage; 5] = [
    Stage::Queued,
    Stage::Sent,
    Stage::Undeliverable,
    Stage::Accepted,
    Stage::Revoked,
];

fn address() -> AddressHash {
    let secret = ServiceSecret::new(vec![7; 32]).expect("a secret");
    secret.address_hash(&EmailAddress::parse("you@example.com").expect("an address"))
}

fn invitation() -> Invitation {
    let email = EmailAddress::parse("you@example.com").expect("an address");
    Invitation::new(
        address(),
        user("inviter"),
        email,
        Message::default(),
        None,
        id(9),
        start(),
    )
}

/// As the mailer leaves it when SES took the mail.
fn sent(at: Timestamp) -> Invitation {
    let mut invitation = invitation();
    invitation.stage = Stage::Sent;
    invitation.sent_at = Some(at);
    invitation.mailing = Mailing {
        due_at: None,
        sends: 1,
        attempts: 2,
        message_id: Some("of the first mail".to_owned()),
    };
    invitation
}

#[test]
fn a_new_one_is_queued_due_at_once_and_ends_after_thirty_days() {
    let new = invitation();
    assert_eq!(new.state(start()), State::Queued);
    assert_eq!(new.mailing.due_at, Some(start()));
    assert_eq!((new.mailing.sends, new.mailing.attempts, new.sent_at), (0, 0, None));
    assert_eq!(new.expires_at, start() + days(30));
}

#[test]
fn the_clock_ends_what_is_open_and_nothing_else() {
    let end = start() + INVITATION_LIFETIME;
    for (stage, before_end, at_end) in [
        (Stage::Queued, State::Queued, State::Expired),
        (Stage::Sent, State::Sent, State::Expired),
        (Stage::Undeliverable, State::Undeliverable, State::Undeliverable),
        (Stage::Accepted, State::Accepted, State::Accepted),
        (Stage::Revoked, State::Revoked, State::Revoked),
    ] {
        let invitation = Invitation { stage, ..invitation() };
        assert_eq!(invitation.state(before(end)), before_end, "{stage:?}");
        assert_eq!(invitation.state(end), at_end, "{stage:?}");
        let open = matches!(stage, Stage::Queued | Stage::Sent);
        assert_eq!(invitation.is_open(before(end)), open, "{stage:?}");
        assert!(!invitation.is_open(end), "{stage:?}");
    }
}

#[test]
fn a_revoked_one_is_dead_at_once_and_nothing_is_left_to_mail() {
    let end = start() + INVITATION_LIFETIME;
    for (stage, revocable) in STAGES.into_iter().zip([true, true, true, false, false]) {
        for now in [start(), before(end), end] {
            let mut invitation = Invitation { stage, ..sent(start()) };
            invitation.mailing.due_at = Some(now);
            let earlier = invitation.clone();
            let result = invitation.revoke(now);
            if revocable && now < end {
                assert_eq!(result, Ok(()), "{stage:?}");
                assert_eq!(invitation.state(now), State::Revoked);
                assert_eq!(invitation.mailing.due_at, None);
                assert_eq!(invitation.revoke(now), Err(Ended(State::Revoked)));
            } else {
                assert_eq!(result, Err(Ended(earlier.state(now))), "{stage:?}");
                assert_eq!(invitation, earlier);
            }
        }
    }
}

#[test]
fn another_mail_may_be_asked_for_a_day_after_the_last_to_the_millisecond() {
    let sent_at = start() + days(3);
    let at = sent_at + RESEND_COOL_DOWN;
    assert_eq!(at, start() + days(4));
    let mut invitation = sent(sent_at);
    for early in [sent_at, before(at)] {
        let earlier = invitation.clone();
        assert_eq!(
            invitation.resend(early),
            Err(CannotResend::TooSoon {
                at,
                after: at.since(early)
            })
        );
        assert_eq!(invitation, earlier);
    }
    assert_eq!(invitation.resend(at), Ok(()));
    assert_eq!(invitation.state(at), State::Queued);
    let anew = Mailing {
        due_at: Some(at),
        ..Mailing::default()
    };
    assert_eq!(invitation.mailing, anew, "the new mail has its own sends and attempts");
    assert_eq!(invitation.expires_at, start() + INVITATION_LIFETIME, "its end stays");
    assert_eq!(invitation.invitation_id, sent(sent_at).invitation_id, "so do its links");
    // That mail is on its way.
    let later = at + days(2);
    assert_eq!(
        invitation.resend(later),
        Err(CannotResend::TooSoon {
            at: later + RESEND_COOL_DOWN,
            after: RESEND_COOL_DOWN,
        })
    );
}

#[test]
fn there_is_no_other_mail_while_the_first_waits_nor_after_the_end() {
    let now = start() + days(5);
    let mut queued = invitation();
    assert!(matches!(queued.resend(now), Err(CannotResend::TooSoon { at, .. }) if now < at));
    for stage in [Stage::Undeliverable, Stage::Accepted, Stage::Revoked] {
        let mut ended = Invitation { stage, ..sent(start()) };
        let state = ended.state(now);
        assert_eq!(ended.resend(now), Err(CannotResend::Ended(state)));
        assert_eq!(ended.stage, stage, "it never opens again");
    }
    let end = start() + INVITATION_LIFETIME;
    assert_eq!(sent(start()).resend(before(end)), Ok(()));
    assert_eq!(sent(start()).resend(end), Err(CannotResend::Ended(State::Expired)));
}

#[test]
fn an_id_leads_to_its_address_and_sorts_by_time() {
    let first = invitation();
    assert_eq!(first.reference().address(), address());
    assert_eq!(address_of(first.invitation_id), address());
    let read: contacts::invitation::InvitationRef =
        serde_json::from_str(&serde_json::to_string(&first.reference()).expect("a reference")).expect("the same");
    assert_eq!(read, first.reference());
    let later = new_invitation_id(AddressHash::from_bits(0), start() + days(1));
    assert!(first.invitation_id < later);
    assert_eq!(first.reference().inviter, UserId::parse("inviter").expect("a user id"));
}

#[test]
fn what_the_inviter_can_mend_is_what_retry_text_holds() {
    for (status, name, to_mend) in [
        (LineStatus::Queued, "queued", false),
        (LineStatus::AlreadyContact, "already_contact", false),
        (LineStatus::AlreadyInvited, "already_invited", false),
        (LineStatus::Duplicate, "duplicate", false),
        (LineStatus::Invalid, "invalid", true),
        (LineStatus::Myself, "self", false),
        (LineStatus::OverQuota, "over_quota", true),
    ] {
        assert_eq!(serde_json::to_value(status).expect("a status"), name);
        assert_eq!(status.is_to_mend(), to_mend, "{name}");
    }
}

proptest! {
    #[test]
    fn any_address_comes_back_out_of_an_id_of_any_time(bits in 0..1_u128 << 80, at in 0..253_402_300_799_999_i64) {
        let at = Timestamp::from_unix_milliseconds(at);
        let id = new_invitation_id(AddressHash::from_bits(bits), at);
        prop_assert_eq!(address_of(id).bits(), bits);
        prop_assert_eq!(id.timestamp_ms(), at.unix_milliseconds().unsigned_abs());
        prop_assert_eq!(id.to_string().parse::<ulid::Ulid>(), Ok(id));
    }
}

#[test]
fn what_an_event_calls_an_invitation_tells_neither_its_id_nor_its_address() {
    let secret = |byte: u8| ServiceSecret::new(vec![byte; 32]).expect("a secret");
    let id = new_invitation_id(address(), start());
    let name = secret(1).event_id(id).to_string();
    assert_eq!(name.len(), 32, "{name}");
    assert_eq!(name, secret(1).event_id(id).to_string(), "the same each time");
    assert_ne!(name, secret(2).event_id(id).to_string(), "another service's");
    // The same address, a moment later: nothing of it is the same.
    let later = secret(1)
        .event_id(new_invitation_id(address(), start() + days(1)))
        .to_string();
    let same = name
        .bytes()
        .zip(later.bytes())
        .filter(|(one, other)| one == other)
        .count();
    assert!(same < 12, "{name} {later}");
    assert!(!name.contains(&address().to_string()), "{name}");
}
