//! The loop, on a client that answers what each test says. Its random numbers are small, and so are its pauses.

use serde::{Deserialize, Serialize};

use super::{
    super::{
        idempotency::{IdempotencyKey, Keepable, RequestDigest, Running},
        keys,
        write::Condition,
    },
    *,
};
use crate::scripted::{CannedResponse, Scripted, canceled, found, me, profile, written};

/// An outcome with something in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Text(String);

impl Keepable for Text {
    const SEALED: bool = false;
}

/// One that may not stand in the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Secret(String);

impl Keepable for Secret {
    const SEALED: bool = true;
}

fn key(request: u8) -> IdempotencyKey {
    IdempotencyKey::new(me(), "key-1", RequestDigest([request; 32]))
}

/// Puts an item that is not there, and says how often it was decided.
fn put(store: &Store) -> Transaction {
    let mut transaction = Transaction::default();
    transaction.put(
        &store.table,
        &keys::counts(&me()),
        keys::Item::new(),
        Condition::absent(),
    );
    transaction
}

async fn once(scripted: &Scripted, key: Option<&IdempotencyKey>) -> (Result<Text, StoreError>, u32) {
    let store = &scripted.store;
    let mut decided = 0;
    let outcome = store
        .transact_once([keys::profile(&me()), keys::counts(&me())], key, |loaded| {
            decided += 1;
            loaded.caller(&me())?;
            Ok(Decision::Commit(put(store), Text(format!("decided {decided}"))))
        })
        .await;
    (outcome, decided)
}

const READ: &str = "BatchGetItem";
const WRITE: &str = "TransactWriteItems";

#[tokio::test]
async fn what_is_written_at_once_is_read_once() {
    let scripted = Scripted::new([found([profile()]), written()]);
    let (outcome, decided) = once(&scripted, None).await;
    assert_eq!((outcome.unwrap().0.as_str(), decided), ("decided 1", 1));
    assert_eq!(scripted.calls(), [READ, WRITE]);
    assert_eq!(scripted.keys_read(), ["USER#aiko COUNTS", "USER#aiko PROFILE"]);
}

#[tokio::test]
async fn after_a_conflict_and_after_a_refusal_everything_is_read_and_decided_again() {
    for reasons in [&["TransactionConflict"], &["ConditionalCheckFailed"]] {
        let scripted = Scripted::new([found([profile()]), canceled(reasons), found([profile()]), written()]);
        let (outcome, decided) = once(&scripted, None).await;
        assert_eq!((outcome.unwrap().0.as_str(), decided), ("decided 2", 2), "{reasons:?}");
        assert_eq!(scripted.calls(), [READ, WRITE, READ, WRITE], "{reasons:?}");
        assert_eq!(
            scripted.keys_read(),
            ["USER#aiko COUNTS", "USER#aiko PROFILE"],
            "{reasons:?}"
        );
    }
}

#[tokio::test]
async fn it_gives_up_after_its_attempts_and_says_that_the_store_is_not_available() {
    let conflict = [found([profile()]), canceled(&["TransactionConflict"])];
    let attempts = MAX_ATTEMPTS as usize;
    let scripted = Scripted::new(std::iter::repeat_n(conflict, attempts).flatten());
    let (outcome, decided) = once(&scripted, None).await;
    assert!(
        matches!(outcome, Err(StoreError::Unavailable("contended"))),
        "{outcome:?}"
    );
    assert_eq!(decided, MAX_ATTEMPTS);
    assert!(scripted.is_at_its_end());
}

#[tokio::test]
async fn throttling_and_other_errors_are_not_decided_again() {
    let throttled = canceled(&["ThrottlingError"]);
    let broken = canceled(&["ValidationError"]);
    for (answer, is_unavailable) in [(throttled, true), (broken, false), (CannedResponse::Lost, true)] {
        let scripted = Scripted::new([found([profile()]), answer.clone()]);
        let (outcome, decided) = once(&scripted, None).await;
        let unavailable = matches!(outcome, Err(StoreError::Unavailable(_)));
        let fault = matches!(outcome, Err(StoreError::Internal(_)));
        assert_eq!(
            (unavailable, fault, decided),
            (is_unavailable, !is_unavailable, 1),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn what_it_misses_is_read_and_after_a_conflict_all_in_one_batch() {
    let scripted = Scripted::new([
        found([profile()]),
        found([]),
        canceled(&["TransactionConflict"]),
        found([profile()]),
        written(),
    ]);
    let store = &scripted.store;
    let outcome = store
        .transact(Loaded::default(), [keys::profile(&me())], |loaded| {
            Ok(match loaded.unknown([keys::counts(&me())]) {
                Some(unknown) => Decision::Load(unknown),
                None => Decision::Commit(put(store), ()),
            })
        })
        .await;
    assert!(outcome.is_ok(), "{outcome:?}");
    assert_eq!(scripted.calls(), [READ, READ, WRITE, READ, WRITE]);
    assert_eq!(scripted.keys_read(), ["USER#aiko COUNTS", "USER#aiko PROFILE"]);
}

#[tokio::test]
async fn an_operation_that_asks_for_what_it_has_is_a_fault_and_not_a_loop() {
    let scripted = Scripted::new([found([profile()])]);
    let asks = |_: &Loaded| Ok(Decision::<()>::Load(vec![keys::profile(&me())]));
    let outcome = scripted
        .store
        .transact(Loaded::default(), [keys::profile(&me())], asks)
        .await;
    assert!(matches!(outcome, Err(StoreError::Internal(_))), "{outcome:?}");
}

#[tokio::test]
async fn what_is_known_is_not_read_before_the_first_attempt() {
    let scripted = Scripted::new([canceled(&["ConditionalCheckFailed"]), found([]), written()]);
    let store = &scripted.store;
    let known = Loaded::found(keys::counts(&me()), None);
    let outcome = store
        .transact(known, [], |_| Ok(Decision::Commit(put(store), ())))
        .await;
    assert!(outcome.is_ok(), "{outcome:?}");
    assert_eq!(scripted.calls(), [WRITE, READ, WRITE]);
}

#[tokio::test]
async fn an_answer_that_was_lost_is_found_by_the_retry_and_there_is_one_effect() {
    let scripted = Scripted::new([found([profile()]), CannedResponse::Lost]);
    let (lost, _) = once(&scripted, Some(&key(1))).await;
    assert!(matches!(lost, Err(StoreError::Unavailable(_))), "{lost:?}");
    // The transaction was written all the same: the retry reads what it put.
    let kept = scripted.items_put().pop().unwrap();
    scripted.answer([found([profile(), kept])]);
    let (outcome, decided) = once(&scripted, Some(&key(1))).await;
    assert_eq!((outcome.unwrap().0.as_str(), decided), ("decided 1", 0));
    assert_eq!(scripted.calls(), [READ, WRITE, READ]);
}

#[tokio::test]
async fn nothing_under_a_key_is_kept_too() {
    let scripted = Scripted::new([found([profile()]), written()]);
    let nothing = |_: &Loaded| Ok(Decision::Nothing(Text("nothing".to_owned())));
    let key = key(1);
    let outcome = scripted
        .store
        .transact_once([keys::profile(&me())], Some(&key), nothing)
        .await;
    assert_eq!(outcome.unwrap().0, "nothing");
    let kept = scripted.items_put().pop().unwrap();
    scripted.answer([found([profile(), kept])]);
    let (outcome, decided) = once(&scripted, Some(&key)).await;
    assert_eq!((outcome.unwrap().0.as_str(), decided), ("nothing", 0));
    // Without a key there is nothing to write.
    let scripted = Scripted::new([found([profile()])]);
    let outcome = scripted
        .store
        .transact_once([keys::profile(&me())], None, nothing)
        .await;
    assert_eq!(outcome.unwrap().0, "nothing");
    assert_eq!(scripted.calls(), [READ]);
}

/// A store under whose key an outcome is kept, and the item of that.
async fn with_kept() -> (Scripted, serde_json::Value) {
    let scripted = Scripted::new([found([profile()]), written()]);
    assert!(once(&scripted, Some(&key(1))).await.0.is_ok());
    let kept = scripted.items_put().pop().unwrap();
    (scripted, kept)
}

#[tokio::test]
async fn a_kept_outcome_is_for_its_request_for_a_day_and_for_somebody_registered() {
    let (scripted, kept) = with_kept().await;
    scripted.answer([found([profile(), kept.clone()])]);
    let (other, _) = once(&scripted, Some(&key(2))).await;
    assert!(matches!(other, Err(StoreError::KeyReused)), "{other:?}");

    scripted.answer([found([kept.clone()])]);
    let (gone, _) = once(&scripted, Some(&key(1))).await;
    assert!(matches!(gone, Err(StoreError::NotRegistered)), "{gone:?}");

    scripted.pass(contacts::time::days(1));
    scripted.answer([found([profile(), kept]), written()]);
    let (again, decided) = once(&scripted, Some(&key(1))).await;
    assert_eq!((again.unwrap().0.as_str(), decided), ("decided 1", 1), "decided anew");
    let put = scripted.last(WRITE)["TransactItems"][1]["Put"].clone();
    assert_eq!(
        put["ConditionExpression"],
        "attribute_not_exists(pk) OR expires_at <= :now"
    );
}

#[tokio::test]
async fn of_two_at_once_with_a_key_the_second_finds_the_first_ones_outcome() {
    let (_, kept) = with_kept().await;
    let scripted = Scripted::new([
        found([profile()]),
        canceled(&["None", "ConditionalCheckFailed"]),
        found([profile(), kept]),
    ]);
    let (outcome, decided) = once(&scripted, Some(&key(1))).await;
    assert_eq!((outcome.unwrap().0.as_str(), decided), ("decided 1", 1), "the other's");
}

#[tokio::test]
async fn a_sealed_outcome_is_not_in_the_table_and_opens_in_its_own_item_only() {
    let scripted = Scripted::new([found([profile()]), written()]);
    let key = key(1);
    let token = "q".repeat(43);
    let made = |_: &Loaded| Ok(Decision::Nothing(Secret(token.clone())));
    let outcome = scripted
        .store
        .transact_once([keys::profile(&me())], Some(&key), made)
        .await;
    assert_eq!(outcome.unwrap().0, token);
    let kept = scripted.items_put().pop().unwrap();
    assert!(!inflated(&kept).contains(&token), "sealed");
    let never = |_: &Loaded| -> Result<Decision<Secret>, StoreError> { panic!("a second effect") };
    scripted.answer([found([profile(), kept.clone()])]);
    let replayed = scripted
        .store
        .transact_once([keys::profile(&me())], Some(&key), never)
        .await;
    assert_eq!(replayed.unwrap().0, token);
    // What a key that is gone has sealed is as good as bytes of any kind.
    let mut damaged = kept;
    damaged["outcome"] = serde_json::json!({"B": "AAAA"});
    scripted.answer([found([profile(), damaged])]);
    let gone = scripted
        .store
        .transact_once([keys::profile(&me())], Some(&key), never)
        .await;
    assert!(matches!(gone, Err(StoreError::AlreadyDone)), "{gone:?}");
}

/// What is under an outcome's attribute, compressed or not.
fn inflated(item: &serde_json::Value) -> String {
    use base64::Engine as _;
    use std::io::Read as _;
    let bytes = item["outcome"]["B"].as_str().unwrap();
    let bytes = base64::engine::general_purpose::STANDARD.decode(bytes).unwrap();
    let mut text = String::new();
    let read = flate2::read::DeflateDecoder::new(bytes.as_slice()).read_to_string(&mut text);
    read.map_or_else(|_| String::from_utf8_lossy(&bytes).into_owned(), |_| text)
}

#[tokio::test]
async fn an_outcome_that_is_not_sealed_is_in_the_table() {
    let (_, kept) = with_kept().await;
    assert_eq!(inflated(&kept), "\"decided 1\"");
}

#[tokio::test]
async fn many_that_stand_alone_go_on_without_those_that_are_refused() {
    let refused = canceled(&[
        "None",
        "ConditionalCheckFailed",
        "None",
        "ConditionalCheckFailed",
        "None",
    ]);
    let scripted = Scripted::new([canceled(&["TransactionConflict"]), refused, written()]);
    let store = &scripted.store;
    let build = |left: &[usize]| {
        let mut transaction = Transaction::default();
        for number in left {
            let key = keys::submission_chunk(&me(), ulid::Ulid::nil(), *number);
            transaction.put(&store.table, &key, keys::Item::new(), Condition::absent());
        }
        transaction.put(&store.table, &keys::counts(&me()), keys::Item::new(), None);
        Ok(transaction)
    };
    assert_eq!(store.commit_each(4, &build).await.unwrap(), [1, 3]);
    let written: Vec<String> = scripted
        .items_put()
        .iter()
        .map(|item| item["sk"]["S"].as_str().unwrap().to_owned())
        .collect();
    let nil = ulid::Ulid::nil();
    assert_eq!(
        written,
        [
            format!("SUBMISSION#{nil}#0"),
            format!("SUBMISSION#{nil}#2"),
            "COUNTS".to_owned()
        ]
    );
    // When all are refused nothing is written, the marker neither.
    let all = canceled(&["ConditionalCheckFailed", "ConditionalCheckFailed", "None"]);
    let scripted = Scripted::new([all]);
    assert_eq!(scripted.store.commit_each(2, &build).await.unwrap(), [0, 1]);
}

#[tokio::test]
async fn many_that_stand_alone_are_given_up_after_as_many_attempts() {
    let conflicts = std::iter::repeat_n(canceled(&["TransactionConflict"]), MAX_ATTEMPTS as usize);
    let scripted = Scripted::new(conflicts);
    let store = &scripted.store;
    let build = |_: &[usize]| Ok(put(store));
    let given_up = store.commit_each(1, &build).await;
    assert!(
        matches!(given_up, Err(StoreError::Unavailable("contended"))),
        "{given_up:?}"
    );
    assert!(scripted.is_at_its_end());
}

/// An earlier try of the same transaction has not ended, and may yet be written: what is refused next could be refused
/// because of it.
#[tokio::test]
async fn a_transaction_that_may_yet_be_written_is_not_sent_again() {
    let in_progress = || CannedResponse::Error("TransactionInProgressException", serde_json::json!({}));
    let scripted = Scripted::new([in_progress()]);
    let store = &scripted.store;
    let outcome = store.commit_each(1, &|_: &[usize]| Ok(put(store))).await;
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    let scripted = Scripted::new([found([profile()]), in_progress()]);
    let (outcome, _) = once(&scripted, None).await;
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_run_under_a_key_is_no_outcome_and_its_end_takes_its_place() {
    let scripted = Scripted::new([found([profile()]), written()]);
    let store = &scripted.store;
    let key = key(1);
    let running = Running {
        batch_id: ulid::Ulid::nil(),
        submission_id: ulid::Ulid::nil(),
    };
    let mut transaction = Transaction::default();
    store.keep_running(&mut transaction, &key, &running, None).unwrap();
    let mut begin = Some(transaction);
    let decide = |_: &Loaded| Ok(Decision::Commit(begin.take().unwrap_or_default(), ()));
    let ended = store
        .transact_under(Loaded::default(), [keys::profile(&me())], Some(&key), decide)
        .await
        .unwrap();
    assert!(matches!(ended, Ended::Decided(())));
    let kept = scripted.items_put().pop().unwrap();
    scripted.answer([found([profile(), kept])]);
    let loaded = store.load([keys::profile(&me()), key.item_key()]).await.unwrap();
    assert!(store.kept(&key, &loaded).unwrap().is_none());
    assert_eq!(store.running(Some(&key), &loaded).unwrap(), Some(running.clone()));
    assert_eq!(store.running(None, &loaded).unwrap(), None);
    let mut transaction = Transaction::default();
    store
        .keep_in_place_of(&mut transaction, &key, &running, &Text("end".to_owned()))
        .unwrap();
    scripted.answer([written()]);
    let mut end = Some(transaction);
    let decide = |_: &Loaded| Ok(Decision::Commit(end.take().unwrap_or_default(), ()));
    let ended = store.transact_under(loaded, [], Some(&key), decide).await.unwrap();
    assert!(matches!(ended, Ended::Decided(())));
    let put = scripted.last(WRITE)["TransactItems"][0]["Put"].clone();
    assert_eq!(put["ConditionExpression"], "#running.submission_id = :submission");
    assert_eq!(put["Item"].get("running"), None, "an outcome has nothing of the run");
}
