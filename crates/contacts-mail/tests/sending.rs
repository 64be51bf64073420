//! The sender with the real SDK client, against answers that SES may give and connections that break.

// Here a panic is a failed test.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use aws_sdk_sesv2::{
    Client, Config,
    config::{
        AsyncSleep, BehaviorVersion, Credentials, HttpClient, Region, SharedHttpClient, Sleep, retry::RetryConfig,
    },
};
use aws_smithy_async::time::TimeSource;
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    orchestrator::{HttpRequest, HttpResponse},
};
use aws_smithy_types::body::SdkBody;
use contacts::link::LinkBase;
use contacts::{EmailAddress, Message, PersonName, Random, Timestamp, link::LinkToken};
use contacts_mail::{Destination, Mail, MailAction, MailKind, MailLanguage, Sender};
use mail_parser::{HeaderName, MessageParser};
use serde_json::{Value, json};
use tokio::{io::AsyncReadExt as _, net::TcpListener};
use ulid::Ulid;

/// A client's time that passes only where something waits or [`ManualTime::pass`] says so.
#[derive(Debug, Clone)]
struct ManualTime(Arc<Mutex<SystemTime>>);

impl ManualTime {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(
            SystemTime::UNIX_EPOCH + Duration::from_secs(1_772_323_200),
        )))
    }

    fn pass(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }
}

impl TimeSource for ManualTime {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }
}

impl AsyncSleep for ManualTime {
    fn sleep(&self, duration: Duration) -> Sleep {
        let time = self.clone();
        Sleep::new(async move { time.pass(duration) })
    }
}

fn sender(http: impl HttpClient + 'static, endpoint: &str) -> Sender {
    on(config(http, endpoint))
}

fn sender_in(time: &ManualTime, http: impl HttpConnector + 'static) -> Sender {
    let config = config(client(http), "https://ses.example");
    on(config.sleep_impl(time.clone()).time_source(time.clone()))
}

/// A client whose calls all go to this connector.
fn client(http: impl HttpConnector + 'static) -> impl HttpClient + 'static {
    let http = SharedHttpConnector::new(http);
    http_client_fn(move |_, _| http.clone())
}

fn config(http: impl HttpClient + 'static, endpoint: &str) -> aws_sdk_sesv2::config::Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("ap-northeast-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
        .endpoint_url(endpoint)
        // As a careless caller would have it: the sender makes one attempt all the same.
        .retry_config(RetryConfig::standard().with_max_attempts(5))
        .http_client(http)
}

fn on(config: aws_sdk_sesv2::config::Builder) -> Sender {
    Sender {
        client: Client::from_conf(config.build()),
        from: EmailAddress::parse("no-reply@contacts.example").unwrap(),
        product: PersonName::parse("Contacts").unwrap(),
        configuration_set: Some("contacts".to_owned()),
    }
}

fn mail() -> Mail {
    Mail {
        kind: MailKind::Invitation(MailLanguage::Both),
        inviter_name: PersonName::parse("田中 \"T\" 太郎").unwrap(),
        inviter_organization: None,
        message: Message::parse("Hello").unwrap(),
    }
}

struct Fill(u8);

impl Random for Fill {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(self.0);
    }
}

fn destinations(count: usize) -> Vec<Destination> {
    let base = LinkBase::parse("https://contacts.example").unwrap();
    (0..count)
        .map(|n| Destination {
            address: EmailAddress::parse(&format!("to{n}@invitee.example")).unwrap(),
            link: base.invitation(&LinkToken::new(&Fill(1))),
            unsubscribe: base.unsubscribe(&LinkToken::new(&Fill(2))),
            expires_at: "2026-12-22T20:00:00Z".parse::<Timestamp>().unwrap(),
            invitation_id: Ulid::from_parts(n as u64, 7),
        })
        .collect()
}

/// The bodies of the calls made, in order.
type Calls = Arc<Mutex<Vec<Value>>>;

/// What answers a call, by the addresses in it.
type Script = dyn Fn(&[String]) -> (u16, Value) + Send + Sync;

/// A SES that answers each call with what the function makes of the addresses in it.
#[derive(Clone)]
struct Ses {
    script: Arc<Script>,
    calls: Calls,
}

impl std::fmt::Debug for Ses {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Ses").finish_non_exhaustive()
    }
}

impl Ses {
    fn new(script: impl Fn(&[String]) -> (u16, Value) + Send + Sync + 'static) -> Self {
        Self {
            script: Arc::new(script),
            calls: Calls::default(),
        }
    }
}

impl HttpConnector for Ses {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        let to = addresses(&body);
        self.calls.lock().unwrap().push(body);
        let (status, body) = (self.script)(&to);
        HttpConnectorFuture::ready(Ok(HttpResponse::new(
            status.try_into().unwrap(),
            SdkBody::from(body.to_string()),
        )))
    }
}

/// A sender to such a SES.
fn ses(script: impl Fn(&[String]) -> (u16, Value) + Send + Sync + 'static) -> (Sender, Calls) {
    let ses = Ses::new(script);
    let calls = ses.calls.clone();
    (sender(client(ses), "https://ses.example"), calls)
}

fn addresses(call: &Value) -> Vec<String> {
    let entries = call["BulkEmailEntries"].as_array().unwrap();
    entries
        .iter()
        .map(|entry| entry["Destination"]["ToAddresses"][0].as_str().unwrap().to_owned())
        .collect()
}

fn success(to: &[String]) -> (u16, Value) {
    let results: Vec<Value> = to
        .iter()
        .map(|to| json!({"Status": "SUCCESS", "MessageId": format!("id of {to}")}))
        .collect();
    (200, json!({"BulkEmailEntryResults": results}))
}

fn failure(status: u16, code: &str, message: &str) -> (u16, Value) {
    (status, json!({"__type": code, "message": message}))
}

fn sent(n: usize) -> MailAction {
    MailAction::Sent {
        message_id: Some(format!("id of to{n}@invitee.example")),
    }
}

#[tokio::test]
async fn one_call_for_fifty() {
    let (sender, calls) = ses(success);
    let actions = sender.send(&mail(), &destinations(120)).await;
    assert_eq!(actions, (0..120).map(sent).collect::<Vec<_>>());
    let sizes: Vec<usize> = calls.lock().unwrap().iter().map(|call| addresses(call).len()).collect();
    assert_eq!(sizes, [50, 50, 20]);
    assert_eq!(sender.send(&mail(), &[]).await, []);
}

#[tokio::test]
async fn the_request_is_what_ses_expects() {
    let (sender, calls) = ses(success);
    sender.send(&mail(), &destinations(1)).await;
    let mut call = calls.lock().unwrap().remove(0);
    let content = call["DefaultContent"]["Template"]["TemplateContent"].take();
    for part in ["Subject", "Html", "Text"] {
        assert!(
            content[part].as_str().is_some_and(|text| text.contains("Contacts")),
            "{part}"
        );
    }
    let entry = &mut call["BulkEmailEntries"][0];
    let data = entry["ReplacementEmailContent"]["ReplacementTemplate"]["ReplacementTemplateData"].take();
    assert_eq!(
        serde_json::from_str::<Value>(data.as_str().unwrap()).unwrap(),
        json!({
            "link": "https://contacts.example/i/AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE",
            "unsubscribe": "https://contacts.example/u/AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI",
            "note_ja": "このリンクは2026年12月23日（日本時間）まで有効です。",
            "note_en": "This link expires on 23 December 2026, Japan time.",
        })
    );
    assert_eq!(
        call,
        json!({
            "FromEmailAddress": "=?UTF-8?B?55Sw5LitICJUIiDlpKrpg44gdmlhIENvbnRhY3Rz?= <no-reply@contacts.example>",
            "ReplyToAddresses": ["no-reply@contacts.example"],
            "ConfigurationSetName": "contacts",
            "DefaultContent": {"Template": {
                "TemplateContent": null,
                "TemplateData": "{}",
                "Headers": [
                    {"Name": "Auto-Submitted", "Value": "auto-generated"},
                    {"Name": "X-Auto-Response-Suppress", "Value": "DR, RN, NRN, OOF, AutoReply"},
                    {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
                ],
            }},
            "BulkEmailEntries": [{
                "Destination": {"ToAddresses": ["to0@invitee.example"]},
                "ReplacementEmailContent": {"ReplacementTemplate": {"ReplacementTemplateData": null}},
                "ReplacementHeaders": [{
                    "Name": "List-Unsubscribe",
                    "Value": "<https://contacts.example/u/AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI>",
                }],
                "ReplacementTags": [{"Name": "invitation", "Value": "00000000000000000000000007"}],
            }],
        })
    );
}

/// The mail as SES makes it of a call, as far as headers go.
fn as_mail(call: &Value) -> String {
    let mut mail = format!(
        "From: {}\r\nReply-To: {}\r\n",
        call["FromEmailAddress"].as_str().unwrap(),
        call["ReplyToAddresses"][0].as_str().unwrap(),
    );
    let shared = call["DefaultContent"]["Template"]["Headers"].as_array().unwrap();
    let own = call["BulkEmailEntries"][0]["ReplacementHeaders"].as_array().unwrap();
    for header in shared.iter().chain(own) {
        let (name, value) = (header["Name"].as_str().unwrap(), header["Value"].as_str().unwrap());
        mail.push_str(&format!("{name}: {value}\r\n"));
    }
    mail + "\r\nbody"
}

#[tokio::test]
async fn an_independent_parser_reads_the_headers() {
    for (name, shown) in [
        ("田中太郎", "田中太郎 via Contacts"),
        (
            "O'Brien, \"Bob\" \\ <a@b.example>",
            "O'Brien, \"Bob\" \\ <a[@]b.example> via Contacts",
        ),
        (&"あ".repeat(64), &format!("{}… via Contacts", "あ".repeat(30))),
    ] {
        let (sender, calls) = ses(success);
        let mail = Mail {
            inviter_name: PersonName::parse(name).unwrap(),
            ..mail()
        };
        sender.send(&mail, &destinations(1)).await;
        let raw = as_mail(&calls.lock().unwrap()[0]);
        let parsed = MessageParser::default().parse(&raw).unwrap();
        let from = parsed.from().unwrap();
        assert_eq!(from.iter().count(), 1, "{raw}");
        assert_eq!(from.first().unwrap().name(), Some(shown));
        assert_eq!(from.first().unwrap().address(), Some("no-reply@contacts.example"));
        assert_eq!(
            parsed.reply_to().unwrap().first().unwrap().address(),
            Some("no-reply@contacts.example")
        );
        let text = |name: &'static str| parsed.header_raw(HeaderName::from(name)).map(str::trim);
        assert_eq!(text("Auto-Submitted"), Some("auto-generated"));
        assert_eq!(text("List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
        let unsubscribe = text("List-Unsubscribe").unwrap();
        assert!(
            unsubscribe.starts_with("<https://contacts.example/u/") && unsubscribe.ends_with('>'),
            "{unsubscribe}"
        );
        assert_eq!(parsed.headers().len(), 6, "no header comes from a name: {raw}");
    }
}

#[tokio::test]
async fn entries_are_answered_one_by_one() {
    let (sender, _) = ses(|_| {
        (
            200,
            json!({"BulkEmailEntryResults": [
                {"Status": "SUCCESS", "MessageId": "m"},
                {"Status": "MESSAGE_REJECTED", "Error": "spam"},
                {"Status": "ACCOUNT_THROTTLED", "Error": "slow"},
                {"Status": "TRANSIENT_FAILURE"},
                {"Status": "NEW_STATUS"},
            ]}),
        )
    });
    assert_eq!(
        sender.send(&mail(), &destinations(5)).await,
        [
            MailAction::Sent {
                message_id: Some("m".to_owned())
            },
            MailAction::Undeliverable {
                reason: "MESSAGE_REJECTED: spam".to_owned()
            },
            MailAction::Throttled,
            MailAction::Retry,
            MailAction::Retry,
        ]
    );
}

#[tokio::test]
async fn too_few_and_too_many_results_are_ambiguous() {
    for results in [0, 2, 4] {
        let (sender, calls) = ses(move |_| {
            let results = vec![json!({"Status": "SUCCESS", "MessageId": "m"}); results];
            (200, json!({"BulkEmailEntryResults": results}))
        });
        assert_eq!(
            sender.send(&mail(), &destinations(3)).await,
            vec![MailAction::Ambiguous; 3]
        );
        assert_eq!(calls.lock().unwrap().len(), 1);
    }
    let (sender, _) = ses(|_| (200, json!("nonsense")));
    assert_eq!(
        sender.send(&mail(), &destinations(2)).await,
        vec![MailAction::Ambiguous; 2]
    );
}

#[tokio::test]
async fn one_bad_entry_stands_alone_in_the_end() {
    for bad in [0, 17, 49] {
        let culprit = format!("to{bad}@invitee.example");
        let (sender, calls) = ses(move |to| {
            if to.contains(&culprit) {
                failure(400, "BadRequestException", "no")
            } else {
                success(to)
            }
        });
        let mut expected: Vec<MailAction> = (0..50).map(sent).collect();
        expected[bad] = MailAction::Undeliverable {
            reason: "BadRequestException: no".to_owned(),
        };
        assert_eq!(sender.send(&mail(), &destinations(50)).await, expected);
        assert!(
            calls.lock().unwrap().len() <= 13,
            "{} calls",
            calls.lock().unwrap().len()
        );
    }
}

#[tokio::test]
async fn a_call_that_is_bad_in_every_entry_is_the_operators_matter() {
    let (sender, _) = ses(|_| failure(400, "BadRequestException", "no such sender"));
    let expected = MailAction::OperatorsMatter {
        reason: "BadRequestException: no such sender".to_owned(),
    };
    assert_eq!(sender.send(&mail(), &destinations(4)).await, vec![expected; 4]);
}

#[tokio::test]
async fn what_fails_for_the_account_is_tried_once() {
    let paused = MailAction::OperatorsMatter {
        reason: "SendingPausedException: paused".to_owned(),
    };
    for (answer, first, rest) in [
        (failure(400, "SendingPausedException", "paused"), paused.clone(), paused),
        (
            failure(429, "TooManyRequestsException", "slow down"),
            MailAction::Throttled,
            MailAction::Throttled,
        ),
        (
            failure(400, "LimitExceededException", "Daily message quota exceeded"),
            MailAction::QuotaExceeded,
            MailAction::QuotaExceeded,
        ),
        (
            failure(500, "InternalFailure", "oops"),
            MailAction::Retry,
            MailAction::Throttled,
        ),
    ] {
        let (sender, calls) = ses(move |_| answer.clone());
        let actions = sender.send(&mail(), &destinations(60)).await;
        assert_eq!(calls.lock().unwrap().len(), 1, "one attempt, no second chunk");
        assert!(actions[..50].iter().all(|action| *action == first), "{actions:?}");
        assert!(actions[50..].iter().all(|action| *action == rest), "{actions:?}");
    }
}

#[tokio::test]
async fn throttling_in_a_half_leaves_the_other_half_for_later() {
    let answers = Mutex::new(VecDeque::from([
        Some(failure(400, "BadRequestException", "no")),
        None,
        Some(failure(429, "TooManyRequestsException", "slow down")),
    ]));
    let (sender, _) = ses(move |to| {
        answers
            .lock()
            .unwrap()
            .pop_front()
            .unwrap()
            .unwrap_or_else(|| success(to))
    });
    let actions = sender.send(&mail(), &destinations(4)).await;
    assert_eq!(
        actions,
        [sent(0), sent(1), MailAction::Throttled, MailAction::Throttled]
    );
}

/// Takes calls, and answers none.
#[derive(Debug, Clone, Default)]
struct Never(Arc<AtomicUsize>);

impl HttpConnector for Never {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        self.0.fetch_add(1, Ordering::SeqCst);
        HttpConnectorFuture::new(std::future::pending())
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_ambiguous() {
    let (never, time) = (Never::default(), ManualTime::new());
    let start = time.now();
    let actions = sender_in(&time, never.clone()).send(&mail(), &destinations(52)).await;
    assert_eq!(actions[..50], vec![MailAction::Ambiguous; 50]);
    assert_eq!(actions[50..], vec![MailAction::Throttled; 2], "not tried");
    assert_eq!(never.0.load(Ordering::SeqCst), 1, "one attempt");
    let took = time.now().duration_since(start).unwrap();
    assert!(took < Duration::from_secs(30), "{took:?}");
}

#[tokio::test]
async fn it_is_over_before_the_lease_is() {
    let time = ManualTime::new();
    let start = time.now();
    let slow = Ses::new({
        let time = time.clone();
        move |to| {
            time.pass(Duration::from_secs(9));
            success(to)
        }
    });
    let actions = sender_in(&time, slow).send(&mail(), &destinations(500)).await;
    assert_eq!(actions[..350], (0..350).map(sent).collect::<Vec<_>>());
    assert_eq!(actions[350..], vec![MailAction::Throttled; 150], "not tried");
    let took = time.now().duration_since(start).unwrap();
    assert!(took < contacts::invitation::mailing::LEASE, "{took:?}");
}

fn real_http() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().build_http()
}

#[tokio::test]
async fn a_connection_cut_after_the_request_is_ambiguous() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    let server = tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            // Something of the request has come; the answer never does.
            connection.read_u8().await.unwrap();
        }
    });
    let actions = sender(real_http(), &endpoint).send(&mail(), &destinations(2)).await;
    assert_eq!(actions, [MailAction::Ambiguous, MailAction::Ambiguous]);
    assert_eq!(connections.load(Ordering::SeqCst), 1, "one attempt");
    server.abort();
}

#[tokio::test]
async fn ses_out_of_reach_costs_no_attempt() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let expected = MailAction::OperatorsMatter {
        reason: "SES cannot be reached".to_owned(),
    };
    assert_eq!(
        sender(real_http(), &endpoint).send(&mail(), &destinations(2)).await,
        vec![expected; 2]
    );
}

#[test]
fn nothing_that_is_printed_names_anyone() {
    let printed = format!("{:?} {:?}", destinations(1), mail());
    for secret in ["to0@", "AQEBAQ", "AgICAg", "Hello"] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}
