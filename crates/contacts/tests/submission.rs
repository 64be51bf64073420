//! What holds for the report on any pasted block, whatever stands, and however often the call is interrupted.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod pairs;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use contacts::{
    EmailAddress, Timestamp,
    invitation::{
        bulk::{self, Entry, Field, Place},
        submission::{
            Candidate, Invited, LineStatus, Mode, Plan, Quota, Report, ReportLine, Run, Standing, SubmissionOutcome,
            candidates, plan,
        },
    },
    secret::ServiceSecret,
};
use pairs::{id, start};
use proptest::{prelude::*, sample::select};
use ulid::Ulid;

/// The call of the tests.
const BATCH: u128 = 1;
/// Any other.
const OTHER_BATCH: u128 = 2;

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("an address")
}

fn own() -> EmailAddress {
    address("me@x.example")
}

fn first(room: u32, mode: Mode) -> Run {
    Run::First { room, mode }
}

/// One call, and what is known about its addresses.
#[derive(Debug, Clone)]
struct Call {
    emails: Vec<String>,
    text: Option<String>,
    entries: Vec<Entry>,
    /// By address.
    standing: HashMap<String, Standing>,
}

impl Call {
    fn new(emails: Vec<String>, text: Option<String>, standing: HashMap<String, Standing>) -> Self {
        let entries = bulk::parse(&emails, text.as_deref()).expect("few entries");
        Self {
            emails,
            text,
            entries,
            standing,
        }
    }

    fn known(&self) -> Vec<(Candidate<'_>, Standing)> {
        let secret = ServiceSecret::new(vec![7; 32]).expect("a secret");
        let standing = |candidate: &Candidate<'_>| self.standing.get(candidate.address.as_str()).copied();
        candidates(&self.entries, &secret)
            .into_iter()
            .map(|candidate| (candidate, standing(&candidate).unwrap_or_default()))
            .collect()
    }

    fn plan(&self, run: Run) -> Plan<'_> {
        plan(&self.entries, &own(), &self.known(), run)
    }

    /// Everything that the plan says is written, but for what another call takes.
    fn run(&self, run: Run, taken: &[bool]) -> Report {
        let plan = self.plan(run);
        let written: Vec<_> = (0..)
            .zip(plan.to_write())
            .map(|(at, candidate)| outcome(candidate, at, taken))
            .collect();
        plan.settle(&written)
    }
}

fn outcome(candidate: &Candidate<'_>, at: usize, taken: &[bool]) -> Option<Ulid> {
    let is_taken = taken.get(at).copied().unwrap_or(false);
    (!is_taken).then(|| id(candidate.hash.bits()))
}

fn statuses(report: &Report) -> Vec<LineStatus> {
    report.lines.iter().map(|line| line.status).collect()
}

fn standing() -> impl Strategy<Value = Standing> {
    let invited = (0..9_u128, any::<bool>()).prop_map(|(number, is_open)| Invited {
        invitation_id: id(number),
        batch_id: id(OTHER_BATCH),
        is_open,
    });
    (prop::bool::weighted(0.2), prop::option::weighted(0.4, invited))
        .prop_map(|(is_contact, invitation)| Standing { is_contact, invitation })
}

fn piece() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        9 => "[a-k]@x\\.example",
        2 => Just("me@x.example".to_owned()),
        2 => "[a-k]@X\\.example",
        2 => select(vec!["nobody", "a@", "T <>", "Taro a@x.example"]).prop_map(str::to_owned),
    ];
    (token, select(vec!["\n", "\n", "\r\n", ", ", "; ", " "])).prop_map(|(token, end)| token + end)
}

fn call() -> impl Strategy<Value = Call> {
    let pieces = || prop::collection::vec(piece(), 0..12).prop_map(|pieces| pieces.concat());
    let standing = prop::collection::hash_map("[a-k]@x\\.example", standing(), 0..11);
    (
        prop::collection::vec(pieces(), 0..3),
        prop::option::of(pieces()),
        standing,
    )
        .prop_map(|(emails, text, standing)| Call::new(emails, text, standing))
}

fn mode() -> impl Strategy<Value = Mode> {
    select(vec![Mode::Lenient, Mode::Strict])
}

proptest! {
    /// The rules again, one entry at a time and from the entry's side.
    #[test]
    fn each_entry_has_the_first_status_that_holds(call in call(), room in 0..12_u32, mode in mode()) {
        let report = call.plan(first(room, mode)).report();
        prop_assert_eq!(report.lines.len(), call.entries.len());
        let (mut left, mut seen) = (room, BTreeSet::new());
        for (entry, line) in call.entries.iter().zip(&report.lines) {
            let expected = match &entry.address {
                Err(invalid) => {
                    prop_assert_eq!(line.reason.as_deref(), Some(invalid.code));
                    (LineStatus::Invalid, None)
                }
                Ok(address) if *address == own() => (LineStatus::Myself, None),
                Ok(address) if !seen.insert(address.as_str()) => (LineStatus::Duplicate, None),
                Ok(address) => match call.standing.get(address.as_str()) {
                    Some(Standing { is_contact: true, .. }) => (LineStatus::AlreadyContact, None),
                    Some(Standing { invitation: Some(open), .. }) if open.is_open => {
                        (LineStatus::AlreadyInvited, Some(open.invitation_id))
                    }
                    _ if left == 0 => (LineStatus::OverQuota, None),
                    _ => {
                        left -= 1;
                        (LineStatus::Queued, None)
                    }
                },
            };
            prop_assert_eq!((line.status, line.invitation_id), expected);
            prop_assert_eq!((line.line, line.place), (entry.line, entry.place));
            prop_assert_eq!(line.reason.is_some(), line.status == LineStatus::Invalid);
        }
        prop_assert_eq!(report.counts().values().sum::<usize>(), report.lines.len());
    }

    #[test]
    fn what_is_reserved_is_what_is_written_and_never_more_than_the_room(
        call in call(), room in 0..12_u32, mode in mode(), taken in prop::collection::vec(any::<bool>(), 0..12),
    ) {
        let plan = call.plan(first(room, mode));
        let reserved = plan.to_reserve();
        prop_assert_eq!(reserved as usize, plan.to_write().len());
        prop_assert!(reserved <= room);
        prop_assert!(plan.to_write().is_sorted_by(|a, b| a.entry < b.entry), "in the order of the input");
        for candidate in plan.to_write() {
            prop_assert_eq!(call.entries[candidate.entry].address.as_ref(), Ok(candidate.address));
        }
        prop_assert!(call.run(first(room, mode), &taken).written() <= reserved);
        prop_assert_eq!(call.run(first(room, mode), &[]).written(), reserved);
    }

    #[test]
    fn strict_refuses_all_exactly_when_one_is_to_be_mended(call in call(), room in 0..12_u32) {
        let lenient = call.plan(first(room, Mode::Lenient));
        prop_assert!(!lenient.is_refused());
        let strict = call.plan(first(room, Mode::Strict));
        let to_mend = lenient.clone().report().lines.iter().any(|line| line.status.is_to_mend());
        prop_assert_eq!(strict.is_refused(), to_mend);
        if to_mend {
            prop_assert!(strict.to_write().is_empty() && strict.to_reserve() == 0);
        } else {
            prop_assert_eq!(strict.to_write(), lenient.to_write());
        }
        prop_assert_eq!(strict.report().lines, lenient.report().lines, "the report says the same");
    }

    #[test]
    fn what_another_call_took_is_already_invited_and_has_no_id(
        call in call(), room in 0..12_u32, taken in prop::collection::vec(any::<bool>(), 0..12),
    ) {
        let planned = call.plan(first(room, Mode::Lenient));
        let mut expected = planned.clone().report();
        for (at, candidate) in (0..).zip(planned.to_write()) {
            let line = &mut expected.lines[candidate.entry];
            line.invitation_id = outcome(candidate, at, &taken);
            if line.invitation_id.is_none() {
                line.status = LineStatus::AlreadyInvited;
            }
        }
        prop_assert_eq!(call.run(first(room, Mode::Lenient), &taken), expected);
    }

    /// Whatever part of it was written before the crash, and whatever has become of that since.
    #[test]
    fn an_interrupted_call_ends_as_one_that_was_not(
        call in call(), room in 0..12_u32, mode in mode(),
        written in prop::collection::vec((any::<bool>(), any::<bool>(), any::<bool>()), 12),
    ) {
        let planned = call.plan(first(room, mode));
        prop_assume!(!planned.is_refused());
        let whole = call.run(first(room, mode), &[]);
        let mut interrupted = call.clone();
        let mut before = 0;
        for (candidate, (is_written, is_open, is_contact)) in planned.to_write().iter().zip(written) {
            if is_written {
                before += 1;
                let invitation = Some(Invited {
                    invitation_id: id(candidate.hash.bits()),
                    batch_id: id(BATCH),
                    is_open,
                });
                let standing = Standing { is_contact, invitation };
                interrupted.standing.insert(candidate.address.as_str().to_owned(), standing);
            }
        }
        // The earlier run has given back what it had not written.
        let room = planned.to_reserve() - before;
        let resumed = Run::Resumed { batch_id: id(BATCH), room };
        prop_assert_eq!(interrupted.plan(resumed).to_reserve(), room);
        prop_assert_eq!(interrupted.plan(resumed).to_write().len(), room as usize);
        prop_assert_eq!(&interrupted.run(resumed, &[]), &whole);
    }

    #[test]
    fn a_call_that_is_written_has_nothing_left_to_write(call in call(), room in 0..12_u32) {
        let plan = call.plan(first(room, Mode::Lenient));
        prop_assert_eq!(&call.plan(first(room, Mode::Lenient)), &plan, "the same again");
        let mut again = call.clone();
        for candidate in plan.to_write() {
            let invitation = Invited { invitation_id: id(candidate.hash.bits()), batch_id: id(BATCH), is_open: true };
            let standing = Standing { is_contact: false, invitation: Some(invitation) };
            again.standing.insert(candidate.address.as_str().to_owned(), standing);
        }
        let report = call.run(first(room, Mode::Lenient), &[]);
        // To any later call they are invitations of another.
        let later = again.plan(first(u32::MAX, Mode::Lenient)).report();
        for (now, then) in later.lines.iter().zip(&report.lines) {
            if then.status == LineStatus::Queued {
                prop_assert_eq!((now.status, now.invitation_id), (LineStatus::AlreadyInvited, then.invitation_id));
            }
        }
        let resumed = again.plan(Run::Resumed { batch_id: id(BATCH), room: 0 });
        prop_assert!(resumed.to_write().is_empty());
        prop_assert_eq!(resumed.report(), report);
    }

    /// A resumed run is not refused, and takes no more than there is.
    #[test]
    fn what_has_begun_goes_on_within_the_room_that_is_left(call in call(), room in 0..12_u32) {
        let plan = call.plan(Run::Resumed { batch_id: id(BATCH), room });
        prop_assert!(!plan.is_refused());
        prop_assert!(plan.to_reserve() <= room);
        prop_assert_eq!(plan.to_write().len(), plan.to_reserve() as usize);
    }

    #[test]
    fn a_duplicate_names_the_first_line_of_its_address(call in call(), room in 0..12_u32) {
        let report = call.plan(first(room, Mode::Lenient)).report();
        for (entry, line) in call.entries.iter().zip(&report.lines).filter(|(_, line)| line.duplicate_of_line.is_some()) {
            prop_assert!(matches!(line.status, LineStatus::Duplicate | LineStatus::Myself));
            let same = call.entries.iter().find(|other| other.address == entry.address);
            prop_assert_eq!(line.duplicate_of_line, same.map(|first| first.line));
        }
    }

    /// With the input, a kept report says all that the entries did.
    #[test]
    fn the_report_and_the_input_make_the_answer_again(call in call(), room in 0..12_u32) {
        let report = call.run(first(room, Mode::Lenient), &[]);
        let kept = serde_json::to_string(&report).expect("it can be kept");
        let read: Report = serde_json::from_str(&kept).expect("it can be read");
        prop_assert_eq!(&read, &report);
        let text = call.text.as_deref();
        for (entry, line) in call.entries.iter().zip(&read.lines) {
            let raw = line.place.text(&call.emails, text);
            prop_assert_eq!(raw, Some(entry.raw.as_str()));
            prop_assert_eq!(&raw.map(bulk::address_in), &Some(entry.address.clone()));
        }
        let to_mend = call.entries.iter().zip(statuses(&report)).filter(|(_, status)| status.is_to_mend());
        let expected = to_mend.map(|(entry, _)| entry.raw.as_str()).collect::<Vec<_>>().join("\n");
        prop_assert_eq!(read.retry_text(&call.emails, text), expected);
    }

    /// A body of 256 KB has no place beyond 999,999.
    #[test]
    fn a_thousand_lines_are_below_a_hundred_kilobytes(line in any_line()) {
        let outcome = SubmissionOutcome {
            batch_id: id(u128::MAX),
            report: Report { lines: vec![line; bulk::MAX_ENTRIES], is_refused: false },
            quota: Quota { limit: u32::MAX, remaining: u32::MAX, resets_at: Timestamp::from_unix_milliseconds(i64::MAX) },
        };
        let kept = serde_json::to_string(&outcome).expect("it can be kept");
        prop_assert!(kept.len() < 100_000, "{}", kept.len());
        prop_assert_eq!(serde_json::from_str::<SubmissionOutcome>(&kept).expect("it can be read"), outcome);
    }
}

/// With as many digits as there can be, the longest code of a reason, and what a status never has together left out.
fn any_line() -> impl Strategy<Value = ReportLine> {
    let number = || 900_000..1_000_000_usize;
    let detail = prop_oneof![
        Just((LineStatus::Invalid, Some("non_ascii_local_part"), None, None)),
        Just((LineStatus::Myself, None, Some(999_999), None)),
        Just((LineStatus::Duplicate, None, Some(999_999), None)),
        Just((LineStatus::Queued, None, None, Some(id(u128::MAX)))),
        Just((LineStatus::AlreadyInvited, None, None, Some(id(u128::MAX)))),
        Just((LineStatus::AlreadyContact, None, None, None)),
        Just((LineStatus::OverQuota, None, None, None)),
    ];
    (number(), number(), number(), detail).prop_map(|(index, start, length, detail)| {
        let (status, reason, duplicate_of_line, invitation_id) = detail;
        let field = Field::Email(index);
        ReportLine {
            line: 999_999,
            place: Place { field, start, length },
            status,
            reason: reason.map(Into::into),
            duplicate_of_line,
            invitation_id,
        }
    })
}

/// The stored form is read by the next version too: it changes only together with a reader of this one.
#[test]
fn the_stored_form_stays() {
    let text = "me@x.example, a@x.example\nnobody\na@x.example b@x.example";
    let call = Call::new(vec!["c@x.example".to_owned()], Some(text.to_owned()), HashMap::new());
    let outcome = SubmissionOutcome {
        batch_id: id(BATCH),
        report: call.plan(first(2, Mode::Lenient)).settle(&[Some(id(5)), None]),
        quota: Quota {
            limit: 2,
            remaining: 1,
            resets_at: start(),
        },
    };
    let kept = serde_json::to_value(&outcome).expect("it can be kept");
    let expected = serde_json::json!({
        "batch_id": "00000000010000000000000001",
        "report": {
            "lines": [
                [1, 0, 0, 11, "queued", null, null, "00000000010000000000000005"],
                [2, null, 0, 12, "self", null, null, null],
                [2, null, 14, 11, "already_invited", null, null, null],
                [3, null, 26, 6, "invalid", "invalid_email", null, null],
                [4, null, 33, 11, "duplicate", null, 2, null],
                [4, null, 45, 11, "over_quota", null, null, null],
            ],
            "is_refused": false,
        },
        "quota": {"limit": 2, "remaining": 1, "resets_at": "2026-03-01T00:00:00.000Z"},
    });
    assert_eq!(kept, expected);
    let counts: BTreeMap<_, _> = outcome.report.counts();
    assert_eq!(counts.len(), 6);
    assert_eq!(
        outcome.report.retry_text(&call.emails, call.text.as_deref()),
        "nobody\nb@x.example"
    );
}
