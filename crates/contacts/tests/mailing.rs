//! The steps of an invitation's mail: claimed, sent, recorded.

#![allow(clippy::expect_used, reason = "a test that panics has failed")]

mod pairs;

use std::time::Duration;

use contacts::{
    EmailAddress, Message, Timestamp,
    invitation::{
        Invitation, RESEND_COOL_DOWN, Stage,
        mailing::{Asked, Delivery, Facts, LEASE, MAX_SENDS, Sending, Step, claim, record},
    },
    relationship::{DeclineMode, Pair, Request},
    secret::AddressHash,
    time::days,
};
use pairs::{AnyAction, ask, before, id, invite, must, start, user};
use proptest::{prelude::*, sample::select};

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

/// Nobody has the address, and nothing is against a mail.
fn facts(now: Timestamp) -> Facts {
    Facts {
        now,
        at: now + AT,
        inviter_is_there: true,
        asked: None,
        opted_out: false,
    }
}

/// What a mailer does that looks at an invitation; none when it is not due.
fn step(invitation: &Invitation, facts: &Facts) -> Option<Step> {
    Some(claim(invitation.due(facts.now)?, facts))
}

fn mailed(invitation: &Invitation, facts: &Facts) -> Invitation {
    match step(invitation, facts) {
        Some(Step::Mail(claimed)) => claimed,
        other => panic!("{other:?}"),
    }
}

fn suppressed(invitation: &Invitation, facts: &Facts) -> Invitation {
    match step(invitation, facts) {
        Some(Step::Suppressed(claimed)) => claimed,
        other => panic!("{other:?}"),
    }
}

fn settled(invitation: &Invitation, facts: &Facts) -> Invitation {
    match step(invitation, facts) {
        Some(Step::Settled(settled)) => settled,
        other => panic!("{other:?}"),
    }
}

fn claimed() -> Invitation {
    mailed(&invitation(), &facts(start()))
}

fn delivery(sending: &Sending, mailed: bool) -> Delivery<'_> {
    let at = start() + AT;
    Delivery { sending, mailed, at }
}

fn recorded(sending: &Sending, now: Timestamp) -> Invitation {
    record(&claimed(), delivery(sending, true), now, &Same(0)).expect("it waits")
}

#[test]
fn it_is_due_from_its_time_on_until_it_is_settled() {
    let mut new = invitation();
    assert!(new.due(before(start())).is_none() && new.due(start()).is_some());
    new.mailing.due_at = None;
    assert!(new.due(start() + days(9)).is_none());
}

#[test]
fn a_claim_is_another_mailers_after_the_lease_and_sends_twice_at_the_most() {
    let mut invitation = invitation();
    let mut now = start();
    for sends in 1..=MAX_SENDS {
        invitation = mailed(&invitation, &facts(now));
        assert_eq!(invitation.mailing.sends, sends);
        assert!(invitation.due(before(now + LEASE)).is_none());
        now = now + LEASE;
    }
    // A third is claimed all the same.
    let third = suppressed(&invitation, &facts(now));
    assert_eq!(
        (third.mailing.sends, third.mailing.due_at),
        (MAX_SENDS, Some(now + LEASE))
    );
}

#[test]
fn a_mail_tells_of_a_request_that_is_shown_and_of_no_other() {
    let invitation = invitation();
    let nobody = Pair::default();
    let invited = must(&nobody, invite(1, 1), start());
    let shown = invited.mine.request.clone().expect("a request");
    let declined = must(
        &invited.seen_by_other(),
        AnyAction::Decline(id(1), DeclineMode::Never),
        start(),
    )
    .seen_by_other();
    let shadow = must(&declined, invite(2, 1), start()).mine.request.expect("a request");
    let own = must(&nobody, ask(1), start()).mine.request.expect("a request");
    let of_an_earlier_one = Request {
        invitation: Some(pairs::invitation(2)),
        ..shown.clone()
    };
    for (request, asked) in [
        (shown, Asked::Shown),
        (shadow, Asked::NotShown),
        (own, Asked::NotShown),
        (of_an_earlier_one, Asked::NotShown),
    ] {
        assert_eq!(Asked::by(&request, &invitation), asked, "{request:?}");
    }
}

#[test]
fn what_is_not_mailed_is_claimed_like_what_is() {
    let new = invitation();
    for facts in [
        Facts {
            opted_out: true,
            ..facts(start())
        },
        Facts {
            asked: Some(Asked::NotShown),
            ..facts(start())
        },
        Facts {
            asked: Some(Asked::Shown),
            opted_out: true,
            ..facts(start())
        },
    ] {
        let mut suppressed = suppressed(&new, &facts);
        assert_eq!(suppressed.mailing.sends, 0);
        suppressed.mailing.sends = 1;
        assert_eq!(suppressed, claimed(), "{facts:?}");
    }
    let shown = Facts {
        asked: Some(Asked::Shown),
        ..facts(start())
    };
    assert_eq!(mailed(&new, &shown), claimed());
}

#[test]
fn what_has_an_end_is_settled() {
    let (new, now) = (invitation(), start());
    let contacts = Facts {
        asked: Some(Asked::Contacts),
        opted_out: true,
        ..facts(now)
    };
    let accepted = settled(&new, &contacts);
    assert_eq!((accepted.stage, accepted.sent_at), (Stage::Accepted, Some(now + AT)));

    let without_inviter = Facts {
        inviter_is_there: false,
        ..facts(now)
    };
    let sent = settled(&new, &without_inviter);
    assert_eq!((sent.stage, sent.sent_at), (Stage::Sent, Some(now + AT)));

    let expired = settled(&new, &facts(new.expires_at));
    assert_eq!((expired.stage, expired.sent_at), (Stage::Queued, None));
    for settled in [accepted, sent, expired] {
        assert_eq!(settled.mailing.due_at, None);
        assert_eq!(settled.mailing.sends, 0);
    }
}

#[test]
fn a_mail_that_was_taken_is_sent_since_the_moment_of_its_claim() {
    let sent = recorded(
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
        let later = recorded(&Sending::NotNow { after, counts }, start());
        assert_eq!((later.stage, later.sent_at), (Stage::Queued, None), "counts: {counts}");
        assert_eq!(
            (later.mailing.sends, later.mailing.attempts),
            (0, attempts),
            "counts: {counts}"
        );
        assert_eq!(later.mailing.due_at, Some(start() + after), "counts: {counts}");
    }
    // Not all at once: up to half as long again.
    let not_now = Sending::NotNow { after, counts: true };
    for random in 0..=u8::MAX {
        let later = record(&claimed(), delivery(&not_now, true), start(), &Same(random));
        let due = later.and_then(|later| later.mailing.due_at).expect("it is due");
        assert!(
            (start() + after..=start() + after + after / 2).contains(&due),
            "{random}"
        );
    }
}

/// SES said no to the mails beside it; the calls for this one may have been accepted all the same.
#[test]
fn a_suppressed_one_that_waits_with_others_gets_no_send_back() {
    let mut used_up = claimed();
    used_up.mailing.sends = MAX_SENDS;
    let not_now = Sending::NotNow {
        after: AT,
        counts: false,
    };
    let later = record(&used_up, delivery(&not_now, false), start(), &Same(0)).expect("it waits");
    assert_eq!(later.mailing.sends, MAX_SENDS);
    assert_eq!(later.mailing.due_at, Some(start() + AT));
}

#[test]
fn a_refused_mail_ends_it_and_an_unknown_one_waits() {
    let reason = "MessageRejected".to_owned();
    let refused = recorded(&Sending::Refused { reason: reason.clone() }, start());
    assert_eq!((refused.stage, refused.reason), (Stage::Undeliverable, Some(reason)));
    assert_eq!(refused.mailing.due_at, None);
    let unknown = recorded(&Sending::Unknown, start());
    assert_eq!((unknown.stage, unknown.mailing.sends), (Stage::Queued, 1));
    assert_eq!(unknown.mailing.due_at, Some(start() + Duration::from_secs(900)));
}

#[test]
fn a_late_record_leaves_a_contact_a_contact() {
    let mut accepted = claimed();
    accepted.accept();
    assert_eq!((accepted.stage, accepted.mailing.due_at), (Stage::Accepted, None));
    let sent = Sending::Accepted { message_id: None };
    assert_eq!(record(&accepted, delivery(&sent, true), start(), &Same(0)), None);
}

fn any_asked() -> impl Strategy<Value = Option<Asked>> {
    prop::option::of(select(vec![Asked::Contacts, Asked::Shown, Asked::NotShown]))
}

prop_compose! {
    fn any_facts()(
        after in 0..40 * 86_400_u64, inviter_is_there in prop::bool::weighted(0.9), asked in any_asked(), opted_out: bool,
    ) -> Facts {
        Facts { inviter_is_there, asked, opted_out, ..facts(start() + Duration::from_secs(after)) }
    }
}

prop_compose! {
    fn any_invitation()(
        stage in select(vec![Stage::Queued, Stage::Sent, Stage::Undeliverable, Stage::Accepted, Stage::Revoked]),
        due in prop::option::of(0..40 * 86_400_u64), sends in 0..=MAX_SENDS,
    ) -> Invitation {
        let mut invitation = Invitation { stage, ..invitation() };
        invitation.mailing.due_at = due.map(|due| start() + Duration::from_secs(due));
        invitation.mailing.sends = sends;
        invitation
    }
}

fn any_sending() -> impl Strategy<Value = Sending> {
    prop_oneof![
        Just(Sending::Accepted { message_id: None }),
        (1..7_200_u64, any::<bool>()).prop_map(|(after, counts)| Sending::NotNow {
            after: Duration::from_secs(after),
            counts
        }),
        Just(Sending::Refused {
            reason: "no".to_owned()
        }),
        Just(Sending::Unknown),
    ]
}

proptest! {
    #[test]
    fn a_claim_settles_it_or_is_due_again_after_the_lease(invitation in any_invitation(), facts in any_facts()) {
        match step(&invitation, &facts) {
            None => {}
            Some(Step::Settled(settled)) => prop_assert_eq!(settled.mailing.due_at, None),
            Some(Step::Mail(claimed) | Step::Suppressed(claimed)) => {
                prop_assert_eq!(claimed.mailing.due_at, Some(facts.now + LEASE));
            }
        }
    }

    #[test]
    fn only_an_open_one_that_is_due_and_wanted_is_mailed(invitation in any_invitation(), facts in any_facts()) {
        if let Some(Step::Mail(claimed)) = step(&invitation, &facts) {
            prop_assert!(invitation.is_open(facts.now));
            prop_assert!(facts.inviter_is_there && !facts.opted_out);
            prop_assert!(matches!(facts.asked, None | Some(Asked::Shown)));
            prop_assert_eq!(claimed.mailing.sends, invitation.mailing.sends + 1);
            prop_assert!(claimed.mailing.sends <= MAX_SENDS);
        }
    }

    /// So that the inviter cannot tell.
    #[test]
    fn mailed_or_suppressed_it_is_the_same_but_for_its_sends(invitation in any_invitation(), facts in any_facts()) {
        let wanted = Facts { asked: None, opted_out: false, ..facts };
        let unwanted = Facts { opted_out: true, ..wanted };
        if let (Some(Step::Mail(mut mailed)), Some(Step::Suppressed(suppressed))) = (step(&invitation, &wanted), step(&invitation, &unwanted)) {
            mailed.mailing.sends = suppressed.mailing.sends;
            prop_assert_eq!(mailed, suppressed);
        }
    }

    /// Nothing reopens, and nothing that has ended is due for ever.
    #[test]
    fn what_has_ended_stays_as_it_is(invitation in any_invitation(), facts in any_facts(), sending in any_sending(), mailed: bool) {
        prop_assume!(!invitation.is_open(facts.now));
        match step(&invitation, &facts) {
            None => {}
            Some(Step::Settled(settled)) => {
                prop_assert_eq!(settled.state(facts.now), invitation.state(facts.now));
                prop_assert_eq!(settled.sent_at, invitation.sent_at);
            }
            Some(step) => prop_assert!(false, "{step:?}"),
        }
        if invitation.stage != Stage::Queued {
            prop_assert_eq!(record(&invitation, delivery(&sending, mailed), facts.now, &Same(0)), None);
        }
    }

    /// Through any claims, crashes and outcomes: SES may have taken at most `MAX_SENDS` mails of one wish, and another
    /// wish comes by a resend only.
    #[test]
    fn never_more_mails_than_allowed_may_have_been_accepted(
        rounds in prop::collection::vec((0..7_200_u64, any_facts(), prop::option::weighted(0.7, any_sending()), 0..=u8::MAX), 0..40),
    ) {
        let (mut invitation, mut now) = (invitation(), start());
        let mut may_be_accepted = 0;
        for (wait, facts, sending, random) in rounds {
            now = now + Duration::from_secs(wait);
            let facts = Facts { now, at: now, ..facts };
            let (claimed, mailed) = match step(&invitation, &facts) {
                Some(Step::Mail(claimed)) => (claimed, true),
                Some(Step::Suppressed(claimed)) => (claimed, false),
                Some(Step::Settled(settled)) => {
                    invitation = settled;
                    continue;
                }
                None => {
                    now = now + RESEND_COOL_DOWN;
                    if invitation.resend(now).is_ok() {
                        may_be_accepted = 0;
                    }
                    continue;
                }
            };
            may_be_accepted += u32::from(mailed);
            invitation = claimed;
            // Without a sending the mailer crashed.
            if let Some(sending) = sending {
                // What is suppressed is never told that its address is refused.
                prop_assume!(mailed || !matches!(sending, Sending::Refused { .. }));
                let says_no = matches!(sending, Sending::NotNow { .. } | Sending::Refused { .. });
                may_be_accepted -= u32::from(mailed && says_no);
                let delivery = Delivery { sending: &sending, mailed, at: now };
                if let Some(after) = record(&invitation, delivery, now, &Same(random)) {
                    invitation = after;
                }
            }
            prop_assert!(may_be_accepted <= MAX_SENDS, "{may_be_accepted}");
        }
    }
}
