//! The invariants of `docs/relationship.md`, on random runs of two people and the clock.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod pairs;

use std::{collections::HashSet, time::Duration};

use contacts::{
    Timestamp,
    relationship::{Connect, Context, DeclineMode, Origin, Pair, Refusal, Refusals, Relation, Request},
    time::days,
};
use pairs::{AnyAction, AnyOutcome, MILLISECOND, apply, ask, id, invitation, invite_until, press, start};
use proptest::{collection::vec, option, prelude::*, sample::Index};
use serde_json::{Value, json};
use ulid::Ulid;

/// What somebody does; requests are named by a number among all there were, the last one mostly.
#[derive(Debug, Clone)]
enum Does {
    Ask,
    /// A link of the other's.
    Press,
    /// The mailer asks, for an invitation of this number.
    Invite(u128),
    Connect,
    Accept(Option<Index>),
    Decline(Option<Index>, DeclineMode),
    Cancel(Option<Index>),
    Withdraw(u128),
    Remove,
    Block,
    Unblock,
}

#[derive(Debug, Clone)]
enum Turn {
    Act {
        by_a: bool,
        does: Does,
        full: (bool, bool),
        colleagues: bool,
    },
    Pass(Duration),
}

fn does() -> impl Strategy<Value = Does> {
    let which = || option::weighted(0.2, any::<Index>());
    let mode = prop_oneof![3 => Just(DeclineMode::NotNow), 1 => Just(DeclineMode::Never)];
    prop_oneof![
        8 => Just(Does::Ask),
        3 => Just(Does::Press),
        3 => (0..3_u128).prop_map(Does::Invite),
        1 => Just(Does::Connect),
        3 => which().prop_map(Does::Accept),
        6 => (which(), mode).prop_map(|(which, mode)| Does::Decline(which, mode)),
        4 => which().prop_map(Does::Cancel),
        2 => (0..3_u128).prop_map(Does::Withdraw),
        2 => Just(Does::Remove),
        1 => Just(Does::Block),
        2 => Just(Does::Unblock),
    ]
}

/// Times at which something ends, or all but.
fn passing() -> impl Strategy<Value = Duration> {
    let whole = prop_oneof![Just(1_u64), Just(7), Just(30), Just(60), Just(90)].prop_map(days);
    let shift = prop_oneof![Just(-1_i64), Just(0), Just(1)];
    let near = (whole, shift).prop_map(|(whole, shift)| match shift {
        -1 => whole.saturating_sub(MILLISECOND),
        0 => whole,
        _ => whole + MILLISECOND,
    });
    prop_oneof![1 => Just(MILLISECOND), 4 => near]
}

fn turn() -> impl Strategy<Value = Turn> {
    let seldom = || prop::bool::weighted(0.08);
    let act =
        (any::<bool>(), does(), (seldom(), seldom()), seldom()).prop_map(|(by_a, does, full, colleagues)| Turn::Act {
            by_a,
            does,
            full,
            colleagues,
        });
    prop_oneof![5 => act, 2 => passing().prop_map(Turn::Pass)]
}

/// Two people, the pair seen by A, and all requests there ever were.
struct World {
    pair: Pair,
    now: Timestamp,
    requests: u128,
}

impl World {
    fn new() -> Self {
        Self {
            pair: Pair::default(),
            now: start(),
            requests: 0,
        }
    }

    fn seen(&self, by_a: bool) -> Pair {
        if by_a {
            self.pair.clone()
        } else {
            self.pair.seen_by_other()
        }
    }

    fn action(&mut self, does: &Does) -> AnyAction {
        let issued = self.requests;
        let named = |which: &Option<Index>| match which {
            Some(index) => id(index.index(usize::try_from(issued + 1).expect("a small number")) as u128),
            None => id(issued),
        };
        match does {
            Does::Ask => {
                self.requests += 1;
                ask(self.requests)
            }
            Does::Press => {
                self.requests += 1;
                press(self.requests)
            }
            Does::Invite(number) => {
                self.requests += 1;
                invite_until(self.requests, *number, self.now + days(30))
            }
            Does::Connect => AnyAction::Connect(Connect {
                origin: Origin::ShareLink,
                invitation: None,
            }),
            Does::Accept(which) => AnyAction::Accept(named(which)),
            Does::Decline(which, mode) => AnyAction::Decline(named(which), *mode),
            Does::Cancel(which) => AnyAction::Cancel(named(which)),
            Does::Withdraw(number) => AnyAction::Withdraw(invitation(*number)),
            Does::Remove => AnyAction::Remove,
            Does::Block => AnyAction::Block,
            Does::Unblock => AnyAction::Unblock,
        }
    }

    /// Acts, for one who sees the pair from their own side.
    fn act(&mut self, by_a: bool, action: AnyAction, context: Context) -> Result<AnyOutcome, Refusal> {
        let after = apply(&self.seen(by_a), action, context, self.now)?;
        self.pair = if by_a { after.pair } else { after.pair.seen_by_other() };
        Ok(after.outcome)
    }

    fn open(&self) -> Vec<Request> {
        let requests = [&self.pair.mine.request, &self.pair.theirs.request];
        requests
            .into_iter()
            .flatten()
            .filter(|request| request.is_open(self.now))
            .cloned()
            .collect()
    }
}

fn ids(requests: &[Request], shown: bool) -> HashSet<Ulid> {
    requests
        .iter()
        .filter(|request| !shown || !request.shadow)
        .map(|request| request.request_id)
        .collect()
}

/// All that one side is shown of the pair.
fn shown_to(pair: &Pair, now: Timestamp) -> Value {
    json!({
        "relation": pair.relation(false, now),
        "actions": pair.available_actions(false, now),
        "contact": pair.contact,
        "incoming": pair.incoming(now).map(as_shown),
        "outgoing": pair.outgoing(now).map(as_shown),
        "blocks": pair.mine.blocks_since,
    })
}

fn as_shown(request: &Request) -> Value {
    json!({
        "request_id": request.request_id,
        "message": request.message,
        "origin": request.origin,
        "created_at": request.created_at,
        "expires_at": request.expires_at,
    })
}

fn answer_shown(answer: &Result<AnyOutcome, Refusal>) -> Value {
    match answer {
        Ok(AnyOutcome::Sent(request)) => json!(["sent", as_shown(request)]),
        Ok(AnyOutcome::AlreadyPending(request)) => json!(["already_pending", as_shown(request)]),
        other => json!(format!("{other:?}")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn whatever_two_people_do_the_invariants_hold(steps in vec(turn(), 1..40)) {
        let mut world = World::new();
        let (mut ended, mut hidden) = (HashSet::new(), HashSet::new());
        for step in steps {
            let before = world.open();
            let contact_before = world.pair.contact.clone();
            match step {
                Turn::Pass(time) => world.now = world.now + time,
                Turn::Act { by_a, does, full: (at_contact_limit, other_at_contact_limit), colleagues } => {
                    let context = Context { colleagues, at_contact_limit, other_at_contact_limit };
                    let me = world.seen(by_a);
                    let now = world.now;
                    let action = world.action(&does);
                    let answer = world.act(by_a, action.clone(), context);
                    let after = world.seen(by_a);

                    // 6: blocked is erased, for all but the blocker's own switch, and what is pressed past it.
                    if me.is_blocked() && !colleagues {
                        let pressed = me.outgoing(now).is_some();
                        let relation = if pressed { Relation::Requested } else { Relation::None };
                        prop_assert_eq!(me.relation(false, now), relation);
                        let blocks = me.mine.blocks_since.is_some();
                        prop_assert!(!(blocks && pressed));
                        let allowed = match &action {
                            AnyAction::Block | AnyAction::Unblock => blocks,
                            AnyAction::Press(_) => !blocks,
                            AnyAction::Cancel(named) => me.outgoing(now).is_some_and(|mine| mine.request_id == *named),
                            _ => false,
                        };
                        if !allowed {
                            prop_assert_eq!(&answer, &Err(Refusal::NotFound));
                        }
                    }
                    // 7: a contact begins with `connected`, and with room.
                    let connected = matches!(answer, Ok(AnyOutcome::Connected(_)));
                    prop_assert_eq!(connected, contact_before.is_none() && after.contact.is_some());
                    prop_assert!(!connected || !(at_contact_limit || other_at_contact_limit || colleagues));
                    if let Err(Refusal::CannotAcceptNow) = answer {
                        prop_assert!(!at_contact_limit && other_at_contact_limit);
                    }
                    // 8: who accepts or declines sees the request and did not send it; who cancels sent it.
                    if answer.is_ok() {
                        let incoming = me.incoming(now).map(|request| request.request_id);
                        let outgoing = me.outgoing(now).map(|request| request.request_id);
                        match &action {
                            AnyAction::Accept(named) | AnyAction::Decline(named, _) => prop_assert_eq!(Some(*named), incoming),
                            AnyAction::Cancel(named) => prop_assert_eq!(Some(*named), outgoing),
                            _ => {}
                        }
                    }
                    // Asked while the other's request is open, shown or a shadow: connected or no room.
                    let theirs_stands = me.theirs.request.as_ref().is_some_and(|request| request.is_open(now));
                    let asks = matches!(action, AnyAction::Request(_) | AnyAction::Press(_));
                    if asks && theirs_stands && !colleagues && !me.is_blocked() {
                        let room = !(at_contact_limit || other_at_contact_limit);
                        prop_assert_eq!(connected, room, "{:?}", answer);
                    }
                    if let Ok(AnyOutcome::Sent(request)) = &answer {
                        let lifetime = if request.invitation.is_some() { days(30) } else { days(90) };
                        prop_assert_eq!(request.expires_at, now + lifetime);
                    }
                    // A refusal is forgotten by a contact only, and grows by its own side's word only.
                    if connected {
                        let none = Refusals::default();
                        prop_assert_eq!((&after.mine.refusals, &after.theirs.refusals), (&none, &none));
                    } else {
                        prop_assert_eq!(&after.theirs.refusals, &me.theirs.refusals);
                        if !matches!(action, AnyAction::Decline(..)) {
                            prop_assert_eq!(&after.mine.refusals, &me.mine.refusals);
                        }
                    }
                }
            }
            let (pair, now) = (&world.pair, world.now);
            // 1: both sides are the same pair.
            prop_assert_eq!(&pair.seen_by_other().seen_by_other(), pair);
            prop_assert_eq!(&pair.seen_by_other().contact, &pair.contact);
            // 2: one open request at the most, none beside a contact or a block.
            let open = world.open();
            prop_assert!(open.len() <= usize::from(pair.contact.is_none()), "{:?}", pair);
            for side in [pair, &pair.seen_by_other()] {
                let past_block = side.mine.blocks_since.is_some() && side.theirs.request.is_some();
                prop_assert!(!past_block || side.incoming(now).is_none(), "{:?}", pair);
                prop_assert!(side.mine.blocks_since.is_none() || side.outgoing(now).is_none(), "{:?}", pair);
            }
            // 3: what has ended stays so, what was hidden too.
            ended.extend(ids(&before, false).difference(&ids(&open, false)));
            hidden.extend(ids(&before, true).difference(&ids(&open, true)));
            prop_assert!(ids(&open, false).is_disjoint(&ended));
            prop_assert!(ids(&open, true).is_disjoint(&hidden));
            // An invitation's request shows to the invitee only.
            for side in [pair, &pair.seen_by_other()] {
                prop_assert!(side.outgoing(now).is_none_or(|request| request.invitation.is_none()));
                prop_assert!(side.incoming(now).is_none_or(|request| !request.shadow));
            }
        }
    }

    /// 9: A presses links of B, and cancels, in two runs. In one B blocks A, in the other B does nothing.
    #[test]
    fn fault_11_whoever_presses_cannot_tell_a_block(
        steps in vec(prop_oneof![
            4 => Just(None),
            2 => Just(Some(Duration::ZERO)),
            3 => passing().prop_map(Some),
        ], 1..30),
        full in vec(any::<(bool, bool)>(), 30),
    ) {
        let (mut blocked, mut ordinary) = (World::new(), World::new());
        let block = blocked.act(false, AnyAction::Block, Context::default());
        prop_assert_eq!(block, Ok(AnyOutcome::Done));
        let mut last = None;
        for (step, (at_contact_limit, other_at_contact_limit)) in steps.into_iter().zip(full) {
            let context = Context { at_contact_limit, other_at_contact_limit, ..Context::default() };
            let action = match (step, last) {
                (Some(Duration::ZERO), Some(last)) => AnyAction::CancelPressed(last),
                (Some(time), _) => {
                    blocked.now = blocked.now + time;
                    ordinary.now = ordinary.now + time;
                    continue;
                }
                (None, _) => blocked.action(&Does::Press),
            };
            let one = blocked.act(true, action.clone(), context);
            let other = ordinary.act(true, action, context);
            prop_assert_eq!(answer_shown(&one).to_string(), answer_shown(&other).to_string());
            if let Ok(AnyOutcome::Sent(request)) = one {
                last = Some(request.request_id);
            }
            prop_assert_eq!(
                shown_to(&blocked.pair, blocked.now).to_string(),
                shown_to(&ordinary.pair, ordinary.now).to_string()
            );
            prop_assert!(blocked.seen(false).incoming(blocked.now).is_none());
        }
    }

    /// 4 and 5: A acts alike in two runs. In one B says no whenever there is something to say no to, and
    /// A's invitations become requests; in the other B does nothing, and the invitations go nowhere.
    #[test]
    fn the_sender_cannot_tell_a_refusal_from_none_nor_an_invitation_from_none(
        steps in vec((turn(), option::weighted(0.6, any::<bool>())), 1..40),
        invitations in any::<bool>(),
    ) {
        let mut refused = World::new();
        let mut ordinary = World::new();
        for (step, refusal) in steps {
            match step {
                Turn::Pass(time) => {
                    refused.now = refused.now + time;
                    ordinary.now = ordinary.now + time;
                }
                Turn::Act { does: Does::Invite(number), .. } => {
                    let action = refused.action(&Does::Invite(number));
                    ordinary.requests = refused.requests;
                    if invitations {
                        let _ = refused.act(true, action, Context::default());
                    }
                }
                Turn::Act { does: Does::Withdraw(number), .. } => {
                    let _ = refused.act(true, AnyAction::Withdraw(invitation(number)), Context::default());
                }
                Turn::Act { does, full: (at_contact_limit, other_at_contact_limit), colleagues, .. } => {
                    let context = Context { colleagues, at_contact_limit, other_at_contact_limit };
                    let action = refused.action(&does);
                    ordinary.requests = refused.requests;
                    let one = refused.act(true, action.clone(), context);
                    let other = ordinary.act(true, action, context);
                    prop_assert_eq!(answer_shown(&one).to_string(), answer_shown(&other).to_string());
                }
            }
            if let Some(never) = refusal {
                let waiting = refused.seen(false).incoming(refused.now).map(|request| request.request_id);
                if let Some(waiting) = waiting {
                    let mode = if never { DeclineMode::Never } else { DeclineMode::NotNow };
                    let said = refused.act(false, AnyAction::Decline(waiting, mode), Context::default());
                    prop_assert_eq!(said, Ok(AnyOutcome::Done));
                }
            }
            prop_assert_eq!(
                shown_to(&refused.pair, refused.now).to_string(),
                shown_to(&ordinary.pair, ordinary.now).to_string()
            );
        }
    }
}
