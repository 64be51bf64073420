//! The SDK's client on a connector that answers what a test says, and notes what it was asked.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU8, Ordering},
};

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, retry::RetryConfig};
use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use contacts::{Clock, Random, Timestamp, UserId, secret::ServiceSecret};
use serde_json::{Value, json};

use crate::{Store, StoreSettings};

/// What DynamoDB answers to one call.
#[derive(Debug, Clone)]
pub(crate) enum CannedResponse {
    /// A body with 200.
    Good(Value),
    /// An error with its name and its further fields.
    Error(&'static str, Value),
    /// None arrives.
    Lost,
}

/// What a client was asked, and what is left of what it answers.
#[derive(Debug, Default)]
struct Script {
    answers: Mutex<Vec<CannedResponse>>,
    asked: Mutex<Vec<(String, Value)>>,
}

/// A store on a script.
pub(crate) struct Scripted {
    pub(crate) store: Store,
    script: Arc<Script>,
    clock: Arc<StoppedClock>,
}

#[derive(Debug)]
struct StoppedClock(Mutex<Timestamp>);

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// 0, 1, 2…: no two ids are the same, and pauses last a few milliseconds.
#[derive(Default)]
struct Counting(AtomicU8);

impl Random for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(0);
        if let Some(last) = buffer.last_mut() {
            *last = self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl HttpConnector for Script {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = serde_json::from_slice(request.body().bytes().unwrap_or_default()).unwrap();
        self.asked.lock().unwrap().push((operation.clone(), body));
        let mut answers = self.answers.lock().unwrap();
        assert!(!answers.is_empty(), "{operation} is not in the script");
        let (status, body) = match answers.remove(0) {
            CannedResponse::Good(body) => (200, body),
            CannedResponse::Error(name, mut fields) => {
                fields["__type"] = json!(format!("com.amazonaws.dynamodb.v20120810#{name}"));
                (400, fields)
            }
            CannedResponse::Lost => return HttpConnectorFuture::ready(Err(ConnectorError::timeout("lost".into()))),
        };
        let status = StatusCode::try_from(status).unwrap();
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(body.to_string()))))
    }
}

impl Scripted {
    /// A store whose calls are answered so, one after the other. The SDK itself does not retry.
    pub(crate) fn new(answers: impl IntoIterator<Item = CannedResponse>) -> Self {
        let script = Arc::new(Script {
            answers: Mutex::new(answers.into_iter().collect()),
            asked: Mutex::default(),
        });
        let connector = SharedHttpConnector::new(Shared(script.clone()));
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::for_tests())
            .retry_config(RetryConfig::disabled())
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .build();
        let clock = Arc::new(StoppedClock(Mutex::new(Timestamp::from_unix_milliseconds(
            1_772_323_200_000,
        ))));
        let settings = StoreSettings {
            external_contact_limit: None,
            invitations_per_day: 2_000,
        };
        let store = Store::new(
            aws_sdk_dynamodb::Client::from_conf(config),
            "contacts".to_owned(),
            ServiceSecret::new(vec![7; 32]).unwrap(),
            settings,
            clock.clone(),
            Arc::new(Counting::default()),
        );
        Self { store, script, clock }
    }

    /// Adds to what is answered.
    pub(crate) fn answer(&self, answers: impl IntoIterator<Item = CannedResponse>) {
        self.script.answers.lock().unwrap().extend(answers);
    }

    /// The names of the calls so far.
    pub(crate) fn calls(&self) -> Vec<String> {
        let asked = self.script.asked.lock().unwrap();
        asked.iter().map(|(operation, _)| operation.clone()).collect()
    }

    /// What the last call of an operation sent.
    pub(crate) fn last(&self, operation: &str) -> Value {
        let asked = self.script.asked.lock().unwrap();
        let of = asked.iter().rev().find(|(asked, _)| asked == operation);
        of.map(|(_, body)| body.clone()).unwrap_or_default()
    }

    /// What all calls of an operation sent.
    pub(crate) fn all(&self, operation: &str) -> Vec<Value> {
        let asked = self.script.asked.lock().unwrap();
        let of = asked.iter().filter(|(asked, _)| asked == operation);
        of.map(|(_, body)| body.clone()).collect()
    }

    /// The keys that the last batch read, `pk sk`, sorted.
    pub(crate) fn keys_read(&self) -> Vec<String> {
        let batch = self.last("BatchGetItem");
        let keys = batch["RequestItems"]["contacts"]["Keys"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let text = |key: &Value| {
            format!(
                "{} {}",
                key["pk"]["S"].as_str().unwrap(),
                key["sk"]["S"].as_str().unwrap()
            )
        };
        let mut keys: Vec<String> = keys.iter().map(text).collect();
        keys.sort();
        keys
    }

    /// The items that the last transaction put.
    pub(crate) fn items_put(&self) -> Vec<Value> {
        let transaction = self.last("TransactWriteItems");
        let actions = transaction["TransactItems"].as_array().cloned().unwrap_or_default();
        actions
            .iter()
            .filter_map(|action| action.get("Put"))
            .map(|put| put["Item"].clone())
            .collect()
    }

    /// Sets the clock forward.
    pub(crate) fn pass(&self, time: std::time::Duration) {
        let mut now = self.clock.0.lock().unwrap();
        *now = *now + time;
    }

    /// Everything in the script was asked for.
    pub(crate) fn is_at_its_end(&self) -> bool {
        self.script.answers.lock().unwrap().is_empty()
    }
}

#[derive(Debug)]
struct Shared(Arc<Script>);

impl HttpConnector for Shared {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.0.call(request)
    }
}

/// What a batch read answers: these items, and none at the other keys.
pub(crate) fn found(items: impl IntoIterator<Item = Value>) -> CannedResponse {
    let items: Vec<Value> = items.into_iter().collect();
    CannedResponse::Good(json!({"Responses": {"contacts": items}, "UnprocessedKeys": {}}))
}

/// What a transaction answers that is written.
pub(crate) fn written() -> CannedResponse {
    CannedResponse::Good(json!({}))
}

/// What a transaction answers that is not, with the reason of each action.
pub(crate) fn canceled(reasons: &[&str]) -> CannedResponse {
    let reasons: Vec<Value> = reasons.iter().map(|code| json!({"Code": code})).collect();
    CannedResponse::Error("TransactionCanceledException", json!({"CancellationReasons": reasons}))
}

/// The person who calls.
pub(crate) fn me() -> UserId {
    UserId::parse("aiko").unwrap()
}

/// Their profile, as it is stored.
pub(crate) fn profile() -> Value {
    json!({
        "pk": {"S": "USER#aiko"},
        "sk": {"S": "PROFILE"},
        "user_id": {"S": "aiko"},
        "account_id": {"N": "1"},
        "name": {"S": "Aiko"},
        "reading": {"NULL": true},
        "chatwork_id": {"NULL": true},
        "email": {"S": "aiko@people.example"},
        "organization": {"NULL": true},
        "department": {"NULL": true},
        "avatar_image_url": {"NULL": true},
        "findable_by": {"M": {"name": {"BOOL": true}, "chatwork_id": {"BOOL": true}, "email": {"BOOL": true}}},
        "locale": {"S": "ja"},
        "created_at": {"S": "2026-01-01T00:00:00.000Z"},
        "rev": {"N": "1"},
    })
}
