//! What a visitor of a link is shown: the first view that holds, in the order of the contract.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod pairs;

use contacts::{
    EmailAddress, Message, Timestamp,
    invitation::{INVITATION_LIFETIME, Invitation, Stage},
    link::{
        Approval, Effect, Ending, Link, LinkToken, MAX_DAYS, MAX_USES, NotRedeemable, Press, Redemption, ShareLink,
        View, Visitor, effect, parse_days, parse_max_uses, press, view,
    },
    relationship::{Connect, Context, DeclineMode, Origin, Pair, RequestByLink},
    secret::AddressHash,
    time::days,
};
use pairs::{AnyAction, ask, before, id, invite, must, start, user};

/// The contract's order, but for the last, which holds when nothing else does.
const ORDER: [View; 9] = [
    View::Unknown,
    View::OwnLink,
    View::AlreadyContact,
    View::Revoked,
    View::Expired,
    View::UsedUp,
    View::AwaitingYou,
    View::RequestPending,
    View::AtLimit,
];

struct Zeros;

impl contacts::Random for Zeros {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(0);
    }
}

fn token() -> LinkToken {
    LinkToken::new(&Zeros)
}

fn share_link() -> ShareLink {
    ShareLink {
        link_id: id(1),
        owner: user("owner"),
        token: token(),
        name: None,
        enabled: true,
        approval: Approval::Owner,
        expires_at: None,
        max_uses: None,
        uses: 0,
        last_used_at: None,
    }
}

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("an address")
}

fn shown(link: &Link, pair: &Pair, context: Context, now: Timestamp) -> View {
    let visitor = Visitor {
        email: &address("visitor@example.com"),
        pair,
        context,
        is_inviter: false,
    };
    view(link, &token().hash(), visitor, now)
}

/// A share link, its visitor and the view, when these conditions hold and no others.
fn with(conditions: &[View]) -> View {
    let holds = |view| conditions.contains(&view);
    let now = start();
    let mut link = share_link();
    link.enabled = !holds(View::Revoked);
    link.expires_at = holds(View::Expired).then_some(now);
    if holds(View::UsedUp) {
        (link.uses, link.max_uses) = (3, Some(3));
    }
    let mut pair = Pair::default();
    if holds(View::RequestPending) {
        pair = must(&pair, ask(1), now);
    }
    if holds(View::AwaitingYou) {
        pair = must(&Pair::default(), ask(1), now).seen_by_other();
    }
    if holds(View::AlreadyContact) {
        let asked = must(&Pair::default(), ask(1), now).seen_by_other();
        pair.contact = must(&asked, AnyAction::Accept(id(1)), now).contact;
    }
    pair.mine.blocks_since = holds(View::Unknown).then_some(now);
    let visitor = Visitor {
        email: &address("visitor@example.com"),
        pair: &pair,
        context: Context {
            at_contact_limit: holds(View::AtLimit),
            ..Context::default()
        },
        is_inviter: holds(View::OwnLink),
    };
    view(&Link::Share(link), &token().hash(), visitor, now)
}

#[test]
fn the_first_condition_that_holds_is_the_view_whatever_else_holds() {
    let mut seen = 0;
    for chosen in 0..1_u32 << ORDER.len() {
        let conditions: Vec<View> = (0..ORDER.len())
            .filter(|at| chosen >> at & 1 == 1)
            .map(|at| ORDER[at])
            .collect();
        // There is one open request between two at the most, and nobody blocks themselves.
        let both = |a, b| conditions.contains(&a) && conditions.contains(&b);
        if both(View::AwaitingYou, View::RequestPending) || both(View::Unknown, View::OwnLink) {
            continue;
        }
        let expected = conditions.first().copied().unwrap_or(View::Redeemable);
        assert_eq!(with(&conditions), expected, "{conditions:?}");
        seen += 1;
    }
    assert_eq!(seen, 288, "512 sets without those with two that exclude each other");
}

#[test]
fn a_stranger_is_shown_what_the_link_itself_tells() {
    let now = start();
    for (change, expected) in [
        ((|_| {}) as fn(&mut ShareLink), None),
        (|link| link.enabled = false, Some(Ending::Revoked)),
        (|link| link.expires_at = Some(start()), Some(Ending::Expired)),
        (|link| (link.uses, link.max_uses) = (1, Some(1)), Some(Ending::UsedUp)),
    ] {
        let mut link = share_link();
        change(&mut link);
        let link = Link::Share(link);
        assert_eq!(link.ending(&token().hash(), now), expected, "{link:?}");
        let view = expected.map_or(View::Redeemable, View::from);
        assert_eq!(
            shown(&link, &Pair::default(), Context::default(), now),
            view,
            "{link:?}"
        );
    }
    let deleted = Link::Deleted(user("owner"));
    assert_eq!(deleted.ending(&token().hash(), now), Some(Ending::Revoked));
}

#[test]
fn a_share_link_ends_to_the_millisecond_and_to_the_use() {
    let mut link = share_link();
    let end = start() + days(1);
    (link.expires_at, link.max_uses, link.uses) = (Some(end), Some(2), 1);
    let hash = token().hash();
    assert_eq!(link.ending(&hash, before(end)), None);
    assert_eq!(link.ending(&hash, end), Some(Ending::Expired));
    link.uses = 2;
    assert_eq!(link.ending(&hash, before(end)), Some(Ending::UsedUp));
    assert_eq!(link.ending(&hash, end), Some(Ending::Expired), "used up is not expired");
}

#[test]
fn the_token_before_a_rotation_is_revoked() {
    let link = Link::Share(share_link());
    assert_eq!(link.ending("the hash of another token", start()), Some(Ending::Revoked));
    assert_eq!(link.ending(&token().hash(), start()), None);
}

#[test]
fn colleagues_are_contacts_already_even_with_a_block_from_before() {
    let colleagues = Context {
        colleagues: true,
        ..Context::default()
    };
    let blocks = must(&Pair::default(), AnyAction::Block, start());
    for pair in [Pair::default(), blocks.seen_by_other(), blocks] {
        let link = Link::Share(share_link());
        assert_eq!(shown(&link, &pair, colleagues, start()), View::AlreadyContact);
    }
}

#[test]
fn who_is_blocked_sees_what_a_stranger_sees_and_who_blocks_sees_nobody() {
    let full = Context {
        at_contact_limit: true,
        ..Context::default()
    };
    let mut dead = share_link();
    dead.enabled = false;
    // Whatever stood between the two before.
    let asked = must(&Pair::default(), ask(1), start());
    let contact = must(&asked.seen_by_other(), AnyAction::Accept(id(1)), start());
    for earlier in [Pair::default(), asked.clone(), asked.seen_by_other(), contact] {
        let blocks = must(&earlier, AnyAction::Block, start());
        let blocked = blocks.seen_by_other();
        for link in [
            Link::Share(share_link()),
            email(invitation(Stage::Sent)),
            Link::Share(dead.clone()),
            Link::Deleted(user("owner")),
        ] {
            for context in [Context::default(), full] {
                let stranger = shown(&link, &Pair::default(), context, start());
                assert_eq!(shown(&link, &blocked, context, start()), stranger);
                assert_eq!(shown(&link, &blocks, context, start()), View::Unknown);
            }
        }
        assert_eq!(
            shown(&Link::Share(share_link()), &blocked, Context::default(), start()),
            View::Redeemable
        );
    }
}

#[test]
fn a_shadow_shows_its_sender_the_same_and_its_addressee_nothing() {
    let link = Link::Share(share_link());
    let asked = must(&Pair::default(), ask(1), start());
    let declined = must(
        &asked.seen_by_other(),
        AnyAction::Decline(id(1), DeclineMode::Never),
        start(),
    );
    let context = Context::default();
    assert_eq!(
        shown(&link, &declined.seen_by_other(), context, start()),
        View::RequestPending
    );
    assert_eq!(shown(&link, &declined, context, start()), View::Redeemable);
    // Both end with the request.
    let end = start() + days(90);
    for pair in [&asked, &asked.seen_by_other(), &declined] {
        assert_eq!(shown(&link, pair, context, end), View::Redeemable);
    }
}

fn invitation(stage: Stage) -> Invitation {
    let mut invitation = Invitation::new(
        AddressHash::from_bits(1),
        user("inviter"),
        EmailAddress::parse("you@example.com").expect("an address"),
        Message::default(),
        None,
        id(9),
        start(),
    );
    invitation.stage = stage;
    invitation
}

fn email(invitation: Invitation) -> Link {
    Link::Email {
        reference: invitation.reference(),
        expires_at: invitation.expires_at,
        invitation: Some(invitation),
    }
}

#[test]
fn a_mailed_link_lives_and_dies_with_its_invitation() {
    let end = start() + INVITATION_LIFETIME;
    for (stage, before_end, at_end) in [
        (Stage::Queued, None, Some(Ending::Expired)),
        (Stage::Sent, None, Some(Ending::Expired)),
        (Stage::Undeliverable, None, Some(Ending::Expired)),
        (Stage::Accepted, Some(Ending::UsedUp), Some(Ending::UsedUp)),
        (Stage::Revoked, Some(Ending::Revoked), Some(Ending::Revoked)),
    ] {
        let link = email(invitation(stage));
        for (now, expected) in [(before(end), before_end), (end, at_end)] {
            assert_eq!(link.ending("any", now), expected, "{stage:?}");
            let view = expected.map_or(View::Redeemable, View::from);
            assert_eq!(
                shown(&link, &Pair::default(), Context::default(), now),
                view,
                "{stage:?}"
            );
        }
    }
    // Followed by another invitation to the same address, or cleaned up.
    let gone = Link::Email {
        reference: invitation(Stage::Sent).reference(),
        invitation: None,
        expires_at: end,
    };
    assert_eq!(gone.ending("any", before(end)), Some(Ending::Revoked));
    assert_eq!(gone.ending("any", end), Some(Ending::Expired));
}

#[test]
fn the_inviters_waiting_request_does_not_change_the_view_of_a_mailed_link() {
    let link = email(invitation(Stage::Sent));
    let context = Context::default();
    let from_invitation = must(&Pair::default(), invite(1, 1), start()).seen_by_other();
    let own = must(&Pair::default(), ask(1), start());
    for (pair, on_mailed, on_shared) in [
        (&from_invitation, View::Redeemable, View::AwaitingYou),
        (&own.seen_by_other(), View::Redeemable, View::AwaitingYou),
        (&own, View::RequestPending, View::RequestPending),
        // The inviter's own view of a request that an invitation made: on a link of the invitee.
        (&from_invitation.seen_by_other(), View::Redeemable, View::Redeemable),
    ] {
        assert_eq!(shown(&link, pair, context, start()), on_mailed, "{pair:?}");
        let shared = shown(&Link::Share(share_link()), pair, context, start());
        assert_eq!(shared, on_shared, "{pair:?}");
    }
    let full = Context {
        at_contact_limit: true,
        ..context
    };
    assert_eq!(shown(&link, &from_invitation, full, start()), View::AtLimit);
    let contact = must(&from_invitation, AnyAction::Accept(id(1)), start());
    assert_eq!(shown(&link, &contact, full, start()), View::AlreadyContact);
}

#[test]
fn the_inviter_sees_a_mailed_link_as_their_own_dead_or_alive() {
    for stage in [Stage::Sent, Stage::Accepted, Stage::Revoked] {
        let visitor = Visitor {
            email: &address("inviter@example.com"),
            pair: &Pair::default(),
            context: Context::default(),
            is_inviter: true,
        };
        assert_eq!(
            view(&email(invitation(stage)), "any", visitor, start()),
            View::OwnLink,
            "{stage:?}"
        );
    }
}

#[test]
fn uses_and_days_have_exact_bounds() {
    for (parse, most) in [(parse_max_uses as fn(u32) -> _, MAX_USES), (parse_days, MAX_DAYS)] {
        assert_eq!(parse(1), Ok(1), "at most {most}");
        assert_eq!(parse(most), Ok(most));
        for bad in [0, most + 1, u32::MAX] {
            assert_eq!(parse(bad).map_err(|invalid| invalid.code), Err("out_of_range"), "{bad}");
        }
    }
}

/// What a press does: nothing, or an action with its origin.
#[derive(Debug, PartialEq)]
enum Pressed {
    Nothing(Redemption),
    Asks(Origin),
    Connects(Origin),
}

fn pressed(link: &Link, pair: &Pair, context: Context, email: &str) -> Result<Pressed, NotRedeemable> {
    let visitor = Visitor {
        email: &address(email),
        pair,
        context,
        is_inviter: false,
    };
    let hello = Message::parse("Hello").expect("a message");
    let (hash, now) = (token().hash(), start());
    press(link, &hash, visitor, id(7), &hello, now).map(|press| match press {
        Press::Nothing(redemption) => Pressed::Nothing(redemption),
        Press::Request(request) => {
            let RequestByLink(request) = request;
            let sent = (request.request_id, request.invitation, request.message);
            assert_eq!(sent, (id(7), None, hello));
            Pressed::Asks(request.origin)
        }
        Press::Connect(Connect { origin, invitation }) => {
            assert_eq!(invitation.is_some(), matches!(link, Link::Email { .. }));
            Pressed::Connects(origin)
        }
    })
}

fn effect_for(link: &Link, pair: &Pair, context: Context, email: &str) -> Option<Effect> {
    let visitor = Visitor {
        email: &address(email),
        pair,
        context,
        is_inviter: false,
    };
    effect(link, &token().hash(), visitor, start())
}

#[test]
fn a17_the_effect_tells_what_the_button_will_do() {
    let by_hand = Link::Share(share_link());
    let automatic = Link::Share(ShareLink {
        approval: Approval::Automatic,
        ..share_link()
    });
    let mailed = email(invitation(Stage::Sent));
    let (invitee, other) = ("you@example.com", "other@example.com");
    let alone = Context::default();
    let owner_full = Context {
        other_at_contact_limit: true,
        ..alone
    };
    let full = Context {
        at_contact_limit: true,
        ..alone
    };
    let nothing = Pair::default();
    let asks_me = must(&nothing, ask(1), start()).seen_by_other();
    let asked = must(&nothing, ask(1), start());
    let blocked = must(&nothing, AnyAction::Block, start()).seen_by_other();
    let contact = must(&asks_me, AnyAction::Accept(id(1)), start());
    let (connects, asks) = (Some(Effect::Connect), Some(Effect::Ask));
    for (link, pair, context, who, expected) in [
        (&by_hand, &nothing, alone, other, asks),
        (&automatic, &nothing, alone, other, connects),
        (&automatic, &nothing, owner_full, other, asks),
        (&mailed, &nothing, alone, invitee, connects),
        (&mailed, &nothing, alone, other, asks),
        // Pressing agrees with the request that waits.
        (&by_hand, &asks_me, alone, other, connects),
        (&mailed, &asks_me, alone, other, connects),
        // Nothing tells of a block.
        (&by_hand, &blocked, alone, other, asks),
        (&automatic, &blocked, alone, other, asks),
        (&mailed, &blocked, alone, invitee, asks),
        // There is no button.
        (&by_hand, &asked, alone, other, None),
        (&by_hand, &contact, alone, other, None),
        (&by_hand, &nothing, full, other, None),
        (&Link::Deleted(user("owner")), &nothing, alone, other, None),
    ] {
        assert_eq!(
            effect_for(link, pair, context, who),
            expected,
            "{link:?} {pair:?} {who}"
        );
        let press = pressed(link, pair, context, who);
        match expected {
            Some(Effect::Ask) => assert!(matches!(press, Ok(Pressed::Asks(_))), "{press:?}"),
            Some(Effect::Connect) if pair == &asks_me => assert!(matches!(press, Ok(Pressed::Asks(_))), "{press:?}"),
            Some(Effect::Connect) => assert!(matches!(press, Ok(Pressed::Connects(_))), "{press:?}"),
            None => assert!(
                !matches!(press, Ok(Pressed::Asks(_) | Pressed::Connects(_))),
                "{press:?}"
            ),
        }
    }
}

#[test]
fn pressing_asks_the_owner_or_connects_where_both_have_agreed() {
    let by_hand = Link::Share(share_link());
    let automatic = Link::Share(ShareLink {
        approval: Approval::Automatic,
        ..share_link()
    });
    let mailed = email(invitation(Stage::Sent));
    let (invitee, other) = ("you@example.com", "other@example.com");
    let alone = Context::default();
    let full = Context {
        other_at_contact_limit: true,
        ..alone
    };
    for (link, context, who, expected) in [
        (&by_hand, alone, other, Pressed::Asks(Origin::ShareLink)),
        (&automatic, alone, other, Pressed::Connects(Origin::ShareLink)),
        // An owner who is full cannot agree beforehand.
        (&automatic, full, other, Pressed::Asks(Origin::ShareLink)),
        (&mailed, alone, invitee, Pressed::Connects(Origin::EmailInvitation)),
        (&mailed, full, invitee, Pressed::Connects(Origin::EmailInvitation)),
        (&mailed, alone, other, Pressed::Asks(Origin::EmailInvitation)),
    ] {
        assert_eq!(pressed(link, &Pair::default(), context, who), Ok(expected), "{link:?}");
    }
    // One's own request waits no longer where the inviter has agreed.
    let asked = must(&Pair::default(), ask(1), start());
    let pending = Ok(Pressed::Nothing(Redemption::AlreadyPending));
    assert_eq!(pressed(&by_hand, &asked, alone, other), pending);
    assert_eq!(pressed(&mailed, &asked, alone, other), pending);
    let agreed = Ok(Pressed::Connects(Origin::EmailInvitation));
    assert_eq!(pressed(&mailed, &asked, alone, invitee), agreed);
    let agreed = Ok(Pressed::Connects(Origin::ShareLink));
    assert_eq!(pressed(&automatic, &asked, alone, other), agreed);
}

#[test]
fn fault_11_whoever_is_blocked_asks_by_any_link_and_is_shown_what_they_asked() {
    let alone = Context::default();
    let full = Context {
        other_at_contact_limit: true,
        ..alone
    };
    let you = "you@example.com";
    let blocks = must(&Pair::default(), AnyAction::Block, start());
    let blocked = blocks.seen_by_other();
    let asked = must(&blocked, pairs::press(1), start());
    let automatic = Link::Share(ShareLink {
        approval: Approval::Automatic,
        ..share_link()
    });
    for (link, origin) in [
        (&Link::Share(share_link()), Origin::ShareLink),
        (&automatic, Origin::ShareLink),
        (&email(invitation(Stage::Sent)), Origin::EmailInvitation),
    ] {
        for context in [alone, full] {
            assert_eq!(shown(link, &blocked, context, start()), View::Redeemable);
            assert_eq!(pressed(link, &blocked, context, you), Ok(Pressed::Asks(origin)));
            assert_eq!(shown(link, &asked, context, start()), View::RequestPending);
            let pending = Ok(Pressed::Nothing(Redemption::AlreadyPending));
            assert_eq!(pressed(link, &asked, context, you), pending);
            // To whoever blocks, nothing of it is shown.
            for pair in [&blocks, &asked.seen_by_other()] {
                assert_eq!(shown(link, pair, context, start()), View::Unknown);
                assert_eq!(pressed(link, pair, context, you), Err(NotRedeemable::Unknown));
            }
        }
        let end = start() + days(90);
        assert_eq!(shown(&Link::Share(share_link()), &asked, alone, end), View::Redeemable);
    }
}

#[test]
fn pressing_comes_to_nothing_where_there_is_nothing_to_do_or_to_tell() {
    let link = Link::Share(share_link());
    let alone = Context::default();
    let you = "you@example.com";
    let asked = must(&Pair::default(), ask(1), start());
    let contact = must(&asked.seen_by_other(), AnyAction::Accept(id(1)), start());
    for link in [&link, &Link::Deleted(user("owner"))] {
        assert_eq!(
            pressed(link, &contact, alone, you),
            Ok(Pressed::Nothing(Redemption::AlreadyContact))
        );
    }
    let mut dead = share_link();
    dead.enabled = false;
    for (link, why) in [
        (Link::Share(dead), NotRedeemable::Revoked),
        (Link::Deleted(user("owner")), NotRedeemable::Revoked),
        (email(invitation(Stage::Accepted)), NotRedeemable::UsedUp),
    ] {
        assert_eq!(pressed(&link, &Pair::default(), alone, you), Err(why), "{link:?}");
    }
    let full = Context {
        at_contact_limit: true,
        ..alone
    };
    assert_eq!(pressed(&link, &Pair::default(), full, you), Err(NotRedeemable::AtLimit));
}
