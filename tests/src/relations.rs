//! What two people do with each other, and what the stack counts meanwhile.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{Person, Reply, World};

/// A day, in seconds.
pub const DAY: u64 = 86_400;

/// AWS calls and units between a reset and now.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// Calls by operation, as `GET /_local/calls` tells them.
    pub by_operation: Value,
}

impl Count {
    /// Calls of one operation.
    pub fn of(&self, operation: &str) -> u64 {
        self.by_operation[operation]["count"].as_u64().unwrap_or_default()
    }

    /// All calls.
    pub fn all(&self) -> u64 {
        self.sums().filter_map(|sum| sum["count"].as_u64()).sum()
    }

    /// Write capacity units: zero when nothing was written.
    pub fn write_units(&self) -> f64 {
        self.sums().filter_map(|sum| sum["write_units"].as_f64()).sum()
    }

    /// Each operation with its number of calls.
    pub fn operations(&self) -> Vec<(String, u64)> {
        let operations = self.by_operation.as_object().into_iter().flatten();
        operations.map(|(name, _)| (name.clone(), self.of(name))).collect()
    }

    fn sums(&self) -> impl Iterator<Item = &Value> {
        self.by_operation.as_object().into_iter().flat_map(|sums| sums.values())
    }
}

/// Runs all at once; their answers in the order in which they were given.
pub async fn at_once<F>(acts: impl IntoIterator<Item = F>) -> Vec<Reply>
where
    F: Future<Output = Reply> + Send + 'static,
{
    let mut running = JoinSet::new();
    for (number, act) in acts.into_iter().enumerate() {
        running.spawn(async move { (number, act.await) });
    }
    let mut answers: Vec<(usize, Reply)> = running.join_all().await;
    answers.sort_by_key(|(number, _)| *number);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

impl World {
    /// A world in which nothing calls AWS but the functions that a test calls.
    pub async fn without_mail() -> Self {
        Self::with(|options| {
            options.no_stream = true;
            options.no_schedule = true;
        })
        .await
    }

    /// What a request costs.
    pub async fn count(&self, request: impl Future<Output = Reply>) -> (Reply, Count) {
        self.reset_calls().await;
        let answer = request.await;
        (answer, self.counted().await)
    }

    /// What was counted since the last reset.
    pub async fn counted(&self) -> Count {
        Count {
            by_operation: self.calls().await,
        }
    }

    /// The same person with a fresh token, after time has passed.
    pub async fn sign_in(&self, person: &Person) -> Person {
        let made = self
            .post("/_local/token", json!({"user_id": person.id}))
            .await
            .expect(200);
        Person {
            token: made["access_token"].as_str().unwrap_or_default().to_owned(),
            ..person.clone()
        }
    }

    /// Lets days pass, and signs two people in again.
    pub async fn pass_days(&self, days: u64, people: [&Person; 2]) -> [Person; 2] {
        self.pass(days * DAY).await;
        let [one, other] = people;
        [self.sign_in(one).await, self.sign_in(other).await]
    }

    /// Injects faults of DynamoDB.
    pub async fn break_dynamodb(&self, faults: Value) {
        let taken = self.post("/_local/dynamodb/faults", faults).await;
        assert_eq!(taken.status, 204, "{taken:?}");
    }

    /// Ends the faults of DynamoDB.
    pub async fn mend_dynamodb(&self) {
        let response = crate::answer(self.request(reqwest::Method::DELETE, "/_local/dynamodb/faults")).await;
        assert_eq!(response.status, 204, "{response:?}");
    }
}

impl Person {
    /// Asks somebody to become a contact.
    pub async fn ask(&self, other: &Person) -> Reply {
        self.post("/contact-requests", json!({"user_id": other.id})).await
    }

    /// Asks somebody, who sees it; its id.
    pub async fn send_request(&self, other: &Person) -> String {
        let sent = self.ask(other).await.expect(201);
        assert_eq!(sent["outcome"], "sent");
        sent["request"]["request_id"].as_str().unwrap_or_default().to_owned()
    }

    /// Accepts a request.
    pub async fn accept(&self, request: &str) -> Reply {
        self.post(&format!("/contact-requests/{request}/accept"), json!({}))
            .await
    }

    /// Declines a request.
    pub async fn decline(&self, request: &str, mode: &str) -> Reply {
        self.post(&format!("/contact-requests/{request}/decline"), json!({"mode": mode}))
            .await
    }

    /// Cancels a request.
    pub async fn cancel(&self, request: &str) -> Reply {
        self.delete(&format!("/contact-requests/{request}")).await
    }

    /// Blocks somebody.
    pub async fn block(&self, other: &Person) {
        let blocked = self.put(&format!("/blocks/{}", other.id)).await;
        assert_eq!(blocked.status, 204, "{blocked:?}");
    }

    /// Becomes somebody's contact.
    pub async fn connect(&self, other: &Person) {
        let request = self.send_request(other).await;
        other.accept(&request).await.expect(200);
    }

    /// The pages of a list, gathered; each page must have a cursor but the last.
    pub async fn pages(&self, path: &str, noun: &str, limit: usize) -> Vec<Vec<Value>> {
        let mut pages = Vec::new();
        let mut cursor: Option<String> = None;
        let mark = if path.contains('?') { '&' } else { '?' };
        loop {
            let after = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let page = self.get(&format!("{path}{mark}limit={limit}{after}")).await.expect(200);
            pages.push(page[noun].as_array().cloned().unwrap_or_default());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return pages,
            }
            assert!(pages.len() < 1_000, "{path} has no end");
        }
    }

    /// All of a list.
    pub async fn list(&self, path: &str, noun: &str) -> Vec<Value> {
        self.pages(path, noun, 50).await.concat()
    }

    /// Requests that wait for this person.
    pub async fn incoming(&self) -> Vec<Value> {
        self.list("/contact-requests?direction=incoming", "contact_requests")
            .await
    }

    /// This person's own requests that wait.
    pub async fn outgoing(&self) -> Vec<Value> {
        self.list("/contact-requests?direction=outgoing", "contact_requests")
            .await
    }

    /// Whether somebody is a contact, as the group-chat service asks it.
    pub async fn has_contact(&self, other: &Person) -> bool {
        let found = self.get(&format!("/contacts/{}", other.id)).await;
        assert!(found.status == 200 || found.status == 404, "{found:?}");
        found.status == 200
    }
}
