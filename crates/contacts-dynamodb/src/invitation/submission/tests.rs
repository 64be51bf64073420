//! A call that is cut short between two chunks, on a client that answers what each test says.

use contacts::invitation::bulk;
use serde_json::{Value, json};

use super::*;
use crate::scripted::{Answer, Scripted, found, me, profile, written};

fn addresses(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{number}@guest.example")).collect()
}

async fn invite(scripted: &Scripted, emails: &[String]) -> Result<SubmissionOutcome, StoreError> {
    let entries = bulk::parse(emails, None).unwrap();
    let call = Submission {
        entries: &entries,
        message: Message::default(),
        locale: None,
        mode: Mode::Lenient,
        dry_run: false,
    };
    scripted.store.invite(&me(), &call, None).await
}

/// What 150 addresses read: of caller, quota, addresses and invitations; then what stands with each.
fn reads() -> impl Iterator<Item = Answer> {
    [found([profile()])]
        .into_iter()
        .chain(std::iter::repeat_n(found([]), 5))
}

fn with_prefix(items: Vec<Value>, prefix: &str) -> Value {
    let is_it = |item: &Value| item["sk"]["S"].as_str().unwrap().starts_with(prefix);
    items.into_iter().find(is_it).unwrap()
}

#[tokio::test]
async fn what_the_markers_do_not_account_for_goes_back_to_the_quota() {
    let scripted = Scripted::new(reads().chain([written()]));
    scripted.answer([written(), Answer::Lost]);
    let cut_short = invite(&scripted, &addresses(150)).await;
    assert!(matches!(cut_short, Err(StoreError::Unavailable(_))), "{cut_short:?}");
    assert!(scripted.is_at_its_end());

    let transactions = scripted.all("TransactWriteItems");
    let put = |number: usize| -> Vec<Value> {
        let actions = transactions[number]["TransactItems"].as_array().unwrap();
        actions
            .iter()
            .filter_map(|action| action.get("Put"))
            .map(|put| put["Item"].clone())
            .collect()
    };
    let submission = with_prefix(put(0), "SUBMISSION#");
    assert_eq!(submission["reserved"], json!({"N": "150"}));
    let marker = with_prefix(put(1), "SUBMISSION#");
    assert_eq!((put(1).len(), &marker["invitations"]), (100, &json!({"N": "99"})));

    let key = Key::of(&keys::Item::from([
        ("pk".to_owned(), s("USER#aiko")),
        ("sk".to_owned(), s(submission["sk"]["S"].as_str().unwrap())),
    ]))
    .unwrap();
    let item = || Answer::Good(json!({"Item": submission.clone()}));
    // Not before the lease is over.
    scripted.answer([item(), found([submission.clone(), marker.clone()])]);
    assert!(
        scripted
            .store
            .claim(&key, scripted.store.now())
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(scripted.calls().last().map(String::as_str), Some("BatchGetItem"));

    scripted.pass(LEASE);
    scripted.answer([item(), found([submission.clone(), marker]), written()]);
    assert!(
        scripted
            .store
            .claim(&key, scripted.store.now())
            .await
            .unwrap()
            .is_none()
    );
    let end = scripted.last("TransactWriteItems")["TransactItems"].clone();
    let values = &end[0]["Update"]["ExpressionAttributeValues"];
    assert_eq!(values[":back"], json!({"N": "-51"}), "{end}");
    assert_eq!(end[1]["Delete"]["Key"]["sk"], submission["sk"]);

    // It is gone: ending it again changes nothing.
    scripted.answer([item(), found([])]);
    assert!(
        scripted
            .store
            .claim(&key, scripted.store.now())
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(scripted.calls().last().map(String::as_str), Some("BatchGetItem"));
}

#[tokio::test]
async fn a_call_with_nothing_to_write_takes_no_quota_and_has_no_submission() {
    let scripted = Scripted::new([found([profile()])]);
    let outcome = invite(&scripted, &["no address".to_owned()]).await.unwrap();
    assert_eq!(outcome.quota.remaining, outcome.quota.limit);
    assert_eq!(scripted.calls(), ["BatchGetItem"]);
}
