use std::sync::Arc;

use aws_sdk_dynamodb::{
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, Put, TransactWriteItem},
};
use aws_sdk_sesv2::types::{
    BulkEmailContent, BulkEmailEntry, BulkEmailStatus, Destination, EmailTemplateContent, Template,
};
use serde_json::{Value, json};

use super::*;
use crate::{
    calls::Calls,
    clock::Clock,
    ses::{MailStore, Ses},
    template::Table,
};

struct Fixture {
    clients: Clients,
    dynamodb: DynamoDb,
    email: SimpleEmail,
}

async fn fixture() -> Fixture {
    let clock = Arc::new(Clock::open(None).unwrap());
    let engine = Engine::open(None, clock.clone()).unwrap();
    let create = json!({
        "TableName": "table", "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    });
    engine
        .ensure_table(&Table {
            name: "table".to_owned(),
            create,
            ttl_attribute: None,
        })
        .await
        .unwrap();
    let calls = Arc::new(Calls::default());
    let ses = Arc::new(Ses::new(Arc::new(MailStore::open(None).unwrap()), clock));
    let dynamodb = DynamoDb {
        engine,
        calls: calls.clone(),
        faults: Arc::default(),
    };
    let email = SimpleEmail { ses, calls };
    Fixture {
        clients: Clients::new(dynamodb.clone(), email.clone()),
        dynamodb,
        email,
    }
}

impl Fixture {
    fn fault(&self, fault: Value) {
        self.dynamodb
            .faults
            .add(serde_json::from_value(json!([fault])).unwrap());
    }

    fn count(&self, operation: &str) -> u64 {
        self.dynamodb.calls.report().get(operation).map_or(0, |sum| sum.count)
    }

    // What is tested is the raw call.
    #[allow(clippy::disallowed_methods)]
    async fn transact(&self, key: &str) -> Result<(), TransactWriteItemsError> {
        let put = Put::builder()
            .table_name("table")
            .item("pk", AttributeValue::S(key.to_owned()))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .unwrap();
        let item = TransactWriteItem::builder().put(put).build();
        let sent = self
            .clients
            .dynamodb
            .transact_write_items()
            .transact_items(item)
            .send()
            .await;
        sent.map(|_| ()).map_err(|error| error.into_service_error())
    }
}

fn reasons(error: TransactWriteItemsError) -> Vec<String> {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else {
        panic!("{error:?}")
    };
    cancelled
        .cancellation_reasons()
        .iter()
        .map(|reason| reason.code().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_real_client_reads_answers_and_cancellations() {
    let fixture = fixture().await;
    fixture.transact("a").await.unwrap();
    assert_eq!(
        reasons(fixture.transact("a").await.unwrap_err()),
        ["ConditionalCheckFailed"]
    );
    fixture.fault(json!({"error": "TransactionConflict", "times": 1}));
    assert_eq!(
        reasons(fixture.transact("b").await.unwrap_err()),
        ["TransactionConflict"]
    );
    fixture.transact("b").await.unwrap();
    assert_eq!(fixture.count("TransactWriteItems"), 4);
}

#[tokio::test]
async fn retries_of_the_client_are_counted_and_have_one_effect() {
    let fixture = fixture().await;
    fixture.fault(json!({"error": "answer_lost", "times": 1}));
    fixture
        .transact("a")
        .await
        .expect("the retry is answered as the first call");
    assert_eq!(fixture.count("TransactWriteItems"), 2);
    fixture.fault(json!({"error": "ProvisionedThroughputExceededException", "times": 1}));
    fixture.transact("b").await.unwrap();
    assert_eq!(fixture.count("TransactWriteItems"), 4);
    fixture.fault(json!({"error": "unreachable", "times": 3}));
    assert!(fixture.transact("c").await.is_err());
    fixture.transact("c").await.expect("nothing was written");
}

#[tokio::test]
async fn the_mail_client_reads_the_status_of_each_entry() {
    let fixture = fixture().await;
    let faults = json!([{"status": "MESSAGE_REJECTED", "times": 1, "to": "b@x.example"}]);
    fixture.email.ses.add_faults(serde_json::from_value(faults).unwrap());
    let entry = |to: &str| {
        let destination = Destination::builder().to_addresses(to).build();
        BulkEmailEntry::builder().destination(destination).build()
    };
    let content = EmailTemplateContent::builder().subject("S").text("T {{x}}").build();
    let template = Template::builder()
        .template_content(content)
        .template_data(r#"{"x": "{{y}}"}"#)
        .build();
    let send = || {
        fixture
            .clients
            .sesv2
            .send_bulk_email()
            .from_email_address("from@x.example")
            .default_content(BulkEmailContent::builder().template(template.clone()).build())
            .bulk_email_entries(entry("a@x.example"))
            .bulk_email_entries(entry("b@x.example"))
            .send()
    };
    let answer = send().await.unwrap();
    let statuses: Vec<_> = answer
        .bulk_email_entry_results()
        .iter()
        .map(|result| result.status().unwrap())
        .collect();
    assert_eq!(statuses, [&BulkEmailStatus::Success, &BulkEmailStatus::MessageRejected]);
    let mail = fixture.email.ses.mail().list(None).unwrap();
    assert_eq!(mail[0].text.as_deref(), Some("T {{y}}"));
    assert_eq!(
        mail[0].message_id,
        answer.bulk_email_entry_results()[0].message_id().unwrap()
    );

    let faults = json!([{"error": "AccountSuspendedException", "times": 1}]);
    fixture.email.ses.add_faults(serde_json::from_value(faults).unwrap());
    let refused = send().await.unwrap_err().into_service_error();
    assert!(refused.is_account_suspended_exception(), "{refused:?}");
    assert_eq!(fixture.count("SendBulkEmail"), 2);
}
