//! A call that is cut short between two chunks, on a client that answers what each test says.

use contacts::invitation::bulk;
use serde_json::{Value, json};

use super::{begin::LEASE, *};
use crate::{
    scripted::{CannedResponse, Scripted, canceled, found, me, profile, written},
    table::{idempotency::RequestDigest, keys::s},
};

fn addresses(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{number}@guest.example")).collect()
}

async fn invite(
    scripted: &Scripted,
    emails: &[String],
    key: Option<&IdempotencyKey>,
) -> Result<SubmissionOutcome, StoreError> {
    let entries = bulk::parse(emails, None).unwrap();
    let call = Submission {
        entries: &entries,
        message: Message::default(),
        locale: None,
        mode: Mode::Lenient,
        dry_run: false,
    };
    scripted.store.invite(&me(), &call, key).await
}

fn key() -> IdempotencyKey {
    IdempotencyKey::new(me(), "key-1", RequestDigest([1; 32]))
}

/// A call under a key that is cut short after its begin: the kept item, and the submission.
async fn cut_short() -> (Scripted, Value, Value) {
    let scripted = Scripted::new([found([profile()]), found([]), written(), CannedResponse::Lost]);
    let cut_short = invite(&scripted, &addresses(3), Some(&key())).await;
    assert!(matches!(cut_short, Err(StoreError::Unavailable(_))), "{cut_short:?}");
    let begin = puts(&scripted.all("TransactWriteItems")[0]);
    let kept = with_prefix(begin.clone(), "OUTCOME#");
    (scripted, kept, with_prefix(begin, "SUBMISSION#"))
}

fn puts(transaction: &Value) -> Vec<Value> {
    let actions = transaction["TransactItems"].as_array().unwrap().iter();
    actions
        .filter_map(|action| action.get("Put"))
        .map(|put| put["Item"].clone())
        .collect()
}

/// What 150 addresses read: of caller, quota, addresses and invitations; then what is known of each.
fn reads() -> impl Iterator<Item = CannedResponse> {
    [found([profile()])]
        .into_iter()
        .chain(std::iter::repeat_n(found([]), 5))
}

fn with_prefix(items: Vec<Value>, prefix: &str) -> Value {
    let is_it = |item: &Value| item["sk"]["S"].as_str().unwrap().starts_with(prefix);
    items.into_iter().find(is_it).unwrap()
}

/// A submission is no invitation: whatever its claim does, there is nothing to mail.
async fn nothing_is_claimed(scripted: &Scripted, key: &Key) {
    let claimed = scripted.store.claim(key, scripted.store.now()).await.unwrap();
    assert!(claimed.is_none());
}

#[tokio::test]
async fn what_the_markers_do_not_account_for_goes_back_to_the_quota() {
    let scripted = Scripted::new(reads().chain([written()]));
    scripted.answer([written(), CannedResponse::Lost]);
    let cut_short = invite(&scripted, &addresses(150), None).await;
    assert!(matches!(cut_short, Err(StoreError::Unavailable(_))), "{cut_short:?}");
    assert!(scripted.is_at_its_end());

    let transactions = scripted.all("TransactWriteItems");
    let put = |number: usize| puts(&transactions[number]);
    let submission = with_prefix(put(0), "SUBMISSION#");
    assert_eq!(submission["reserved"], json!({"N": "150"}));
    let marker = with_prefix(put(1), "SUBMISSION#");
    assert_eq!((put(1).len(), &marker["invitations"]), (100, &json!({"N": "99"})));

    let key = Key::of(&keys::Item::from([
        ("pk".to_owned(), s("USER#aiko")),
        ("sk".to_owned(), s(submission["sk"]["S"].as_str().unwrap())),
    ]))
    .unwrap();
    let item = || CannedResponse::Good(json!({"Item": submission.clone()}));
    // Not before the lease is over.
    scripted.answer([item(), found([submission.clone(), marker.clone()])]);
    nothing_is_claimed(&scripted, &key).await;
    assert_eq!(scripted.calls().last().map(String::as_str), Some("BatchGetItem"));

    scripted.pass(LEASE);
    scripted.answer([item(), found([submission.clone(), marker]), written()]);
    nothing_is_claimed(&scripted, &key).await;
    let end = scripted.last("TransactWriteItems")["TransactItems"].clone();
    let values = &end[0]["Update"]["ExpressionAttributeValues"];
    assert_eq!(values[":back"], json!({"N": "-51"}), "{end}");
    assert_eq!(end[1]["Delete"]["Key"]["sk"], submission["sk"]);

    // It is gone: ending it again changes nothing.
    scripted.answer([item(), found([])]);
    nothing_is_claimed(&scripted, &key).await;
    assert_eq!(scripted.calls().last().map(String::as_str), Some("BatchGetItem"));
}

#[tokio::test]
async fn a_call_with_nothing_to_write_takes_no_quota_and_has_no_submission() {
    let scripted = Scripted::new([found([profile()])]);
    let outcome = invite(&scripted, &["no address".to_owned()], None).await.unwrap();
    assert_eq!(outcome.quota.remaining, outcome.quota.limit);
    assert_eq!(scripted.calls(), ["BatchGetItem"]);
}

#[tokio::test]
async fn while_the_lease_lasts_the_same_call_is_still_running() {
    let (scripted, kept, submission) = cut_short().await;
    scripted.answer([found([profile(), kept]), found([submission])]);
    let again = invite(&scripted, &addresses(3), Some(&key())).await;
    assert!(matches!(again, Err(StoreError::StillRunning)), "{again:?}");
    assert!(scripted.is_at_its_end());
    assert_eq!(scripted.calls().last().map(String::as_str), Some("BatchGetItem"));
}

#[tokio::test]
async fn after_the_lease_the_same_call_ends_the_run_and_begins_again_with_its_batch() {
    let (scripted, kept, submission) = cut_short().await;
    scripted.pass(LEASE);
    // The run that was cut short is ended.
    scripted.answer([
        found([profile(), kept.clone()]),
        found([submission.clone()]),
        found([submission.clone()]),
        written(),
    ]);
    // Another one, with its chunk and its end.
    scripted.answer([found([profile(), kept]), found([]), found([])]);
    scripted.answer([written(), written(), written()]);
    let outcome = invite(&scripted, &addresses(3), Some(&key())).await.unwrap();
    assert!(scripted.is_at_its_end());
    assert_eq!(json!({"S": outcome.batch_id.to_string()}), submission["batch_id"]);

    let transactions = scripted.all("TransactWriteItems");
    let (ended, begun, end) = (&transactions[2], &transactions[3], &transactions[5]);
    let back = &ended["TransactItems"][0]["Update"]["ExpressionAttributeValues"][":back"];
    assert_eq!(back, &json!({"N": "-3"}), "nothing of it was written");
    let next = with_prefix(puts(begun), "SUBMISSION#");
    assert_ne!(next["submission_id"], submission["submission_id"]);
    assert!(with_prefix(puts(end), "OUTCOME#").get("outcome").is_some());
}

#[tokio::test]
async fn a_run_that_another_has_overtaken_leaves_the_outcome_to_it() {
    let (_, mut kept, _) = cut_short().await;
    kept["running"]["M"]["submission_id"] = json!({"S": ulid::Ulid::nil().to_string()});
    let scripted = Scripted::new([found([profile()]), found([]), written(), written()]);
    scripted.answer([
        canceled(&["ConditionalCheckFailed", "ConditionalCheckFailed"]),
        found([profile(), kept]),
    ]);
    let late = invite(&scripted, &addresses(3), Some(&key())).await;
    assert!(matches!(late, Err(StoreError::StillRunning)), "{late:?}");
    assert!(scripted.is_at_its_end());
}
