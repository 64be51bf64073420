//! `ClientRequestToken` of TransactWriteItems: the SDK sets one, so that its own retry of a transaction whose
//! answer was lost is answered as the first was.

use std::collections::HashMap;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::Response;

/// DynamoDB remembers a token for ten minutes.
const MEMORY_SECONDS: u64 = 600;

/// The tokens of the last ten minutes, with what was asked and answered.
#[derive(Default)]
pub(crate) struct Tokens(HashMap<String, Seen>);

struct Seen {
    // A hash: ten minutes of whole transactions would fill the memory.
    items: [u8; 32],
    answer: Response,
    until: u64,
}

impl Tokens {
    /// Carries out a request unless it is a transaction that was carried out before under the same token.
    pub(crate) fn once(
        &mut self,
        operation: &str,
        request: Value,
        now: u64,
        carry_out: impl FnOnce(Value) -> Response,
    ) -> Response {
        let token = request.get("ClientRequestToken").and_then(Value::as_str);
        let (Some(token), "TransactWriteItems") = (token.map(str::to_owned), operation) else {
            return carry_out(request);
        };
        let items = request.get("TransactItems").map(Value::to_string).unwrap_or_default();
        let items: [u8; 32] = Sha256::digest(items).into();
        let seen = &mut self.0;
        seen.retain(|_, entry| entry.until > now);
        match seen.get(&token) {
            Some(entry) if entry.items == items => entry.answer.clone(),
            Some(_) => Response::error(
                400,
                "IdempotentParameterMismatchException",
                "The provided client token was used with other parameters",
            ),
            None => {
                let answer = carry_out(request);
                if answer.status == 200 {
                    let entry = Seen {
                        items,
                        answer: answer.clone(),
                        until: now + MEMORY_SECONDS,
                    };
                    seen.insert(token, entry);
                }
                answer
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_transaction_is_carried_out_once_a_token() {
        let mut tokens = Tokens::default();
        let now = 0;
        let done = |units: f64| Response {
            status: 200,
            body: b"{}".to_vec(),
            read_units: 0.0,
            write_units: units,
        };
        let request = json!({"ClientRequestToken": "a", "TransactItems": [1]});
        let other = json!({"ClientRequestToken": "a", "TransactItems": [2]});
        let mut ask =
            |request: &Value, now, units| tokens.once("TransactWriteItems", request.clone(), now, |_| done(units));
        assert_eq!(ask(&request, now, 1.0).write_units, 1.0);
        assert_eq!(ask(&request, now, 2.0).write_units, 1.0, "replayed");
        assert_eq!(ask(&other, now, 2.0).status, 400, "another request");
        assert_eq!(ask(&request, now + MEMORY_SECONDS, 2.0).write_units, 2.0, "forgotten");
    }

    #[test]
    fn a_refused_transaction_may_be_tried_again() {
        let mut tokens = Tokens::default();
        let now = 0;
        let request = json!({"ClientRequestToken": "a", "TransactItems": [1]});
        let refused = |_| Response::error(400, "TransactionCanceledException", "");
        assert_eq!(
            tokens.once("TransactWriteItems", request.clone(), now, refused).status,
            400
        );
        let done = |_| Response {
            status: 200,
            body: b"{}".to_vec(),
            read_units: 0.0,
            write_units: 0.0,
        };
        assert_eq!(tokens.once("TransactWriteItems", request, now, done).status, 200);
    }
}
