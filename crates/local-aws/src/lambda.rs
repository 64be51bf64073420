//! Functions, called with event JSON in and answer JSON out: in this process, or through an invoke address.

use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Arc, time::Duration};

use lambda_http::{Adapter, request::LambdaRequest};
use lambda_runtime::{Context, LambdaEvent};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tower::Service as _;
use uuid::Uuid;

use crate::{ACCOUNT, REGION, calls::FUNCTION, clock::Clock};

/// Why an invocation gave no answer. The detail is for the log only.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FunctionError {
    /// The function answered with an error, or panicked.
    #[error("function {name} failed: {detail}")]
    Failed {
        /// Its name.
        name: String,
        /// What it said.
        detail: String,
    },
    /// The invoke address does not answer.
    #[error("function {name} cannot be reached: {detail}")]
    Unreachable {
        /// Its name.
        name: String,
        /// What the connection said.
        detail: String,
    },
    /// The event is larger than Lambda takes, and the function was not called.
    #[error("function {name}: an event of more than 6 MB")]
    EventTooLarge {
        /// Its name.
        name: String,
    },
    /// The answer is larger than Lambda takes.
    #[error("function {name}: an answer of more than 6 MB")]
    ResponseTooLarge {
        /// Its name.
        name: String,
    },
}

type Invoked = Pin<Box<dyn Future<Output = Result<Value, String>> + Send>>;

/// One function in this process.
#[derive(Clone)]
pub struct Function(Arc<dyn Fn(Value, Context) -> Invoked + Send + Sync>);

impl Function {
    /// A function behind the HTTP API: through `lambda_http`'s own event types and adapter.
    pub fn http(router: axum::Router) -> Self {
        Self(Arc::new(move |event, context| {
            let answered = serde_json::from_str::<LambdaRequest>(&event.to_string())
                .map(|payload| Adapter::from(router.clone()).call(LambdaEvent { payload, context }));
            Box::pin(async move {
                let Ok(response) = answered.map_err(|error| error.to_string())?.await;
                serde_json::to_value(response).map_err(|error| error.to_string())
            })
        }))
    }

    /// Any other function: the handler that its `main` gives to `lambda_runtime`.
    pub fn event<Event, Output, Error, Invoking>(
        handler: impl Fn(LambdaEvent<Event>) -> Invoking + Send + Sync + 'static,
    ) -> Self
    where
        Event: DeserializeOwned,
        Output: Serialize,
        Error: std::fmt::Display,
        Invoking: Future<Output = Result<Output, Error>> + Send + 'static,
    {
        Self(Arc::new(move |event, context| {
            let answered = serde_json::from_value(event)
                .map(|payload| handler(LambdaEvent { payload, context }))
                .map_err(|error| error.to_string());
            Box::pin(async move {
                let output = answered?.await.map_err(|error| error.to_string())?;
                serde_json::to_value(output).map_err(|error| error.to_string())
            })
        }))
    }
}

/// Where invocations go.
#[derive(Clone)]
pub enum Functions {
    /// To functions in this process, by name.
    InProcess(Arc<BTreeMap<&'static str, Function>>),
    /// To the invoke address of `cargo lambda watch`.
    Remote {
        /// The address.
        base: url::Url,
        /// The HTTP client.
        client: reqwest::Client,
    },
}

/// Calls functions as Lambda does.
#[derive(Clone)]
pub struct Invoker {
    functions: Functions,
    timeouts: Arc<BTreeMap<String, Duration>>,
    clock: Arc<Clock>,
}

/// Lambda's limit for an event and for an answer.
const LIMIT: usize = 6 * 1024 * 1024;

impl Invoker {
    /// Calls these functions; each has its time-out from the template.
    pub fn new(functions: Functions, timeouts: BTreeMap<String, Duration>, clock: Arc<Clock>) -> Self {
        Self {
            functions,
            timeouts: Arc::new(timeouts),
            clock,
        }
    }

    /// One invocation. It goes on to its end even when the caller no longer waits, as on Lambda.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn invoke(&self, name: &str, event: Value) -> Result<Value, FunctionError> {
        let failed = |detail: String| FunctionError::Failed {
            name: name.to_owned(),
            detail,
        };
        if event.to_string().len() > LIMIT {
            return Err(FunctionError::EventTooLarge { name: name.to_owned() });
        }
        let answer = match &self.functions {
            Functions::InProcess(functions) => {
                let function = functions
                    .get(name)
                    .ok_or_else(|| failed("it is not part of the stack".to_owned()))?;
                let answer = (function.0)(event, self.context(name));
                let invocation = tokio::spawn(FUNCTION.scope(name.to_owned(), answer));
                invocation
                    .await
                    .map_err(|error| failed(error.to_string()))?
                    .map_err(failed)?
            }
            Functions::Remote { base, client } => remote(base, client, name, &event).await?,
        };
        if answer.to_string().len() > LIMIT {
            Err(FunctionError::ResponseTooLarge { name: name.to_owned() })
        } else {
            Ok(answer)
        }
    }

    fn context(&self, name: &str) -> Context {
        let timeout = self.timeouts.get(name).copied().unwrap_or(Duration::from_secs(3));
        let mut context = Context::default();
        context.request_id = Uuid::new_v4().simple().to_string();
        context.deadline = (self.clock.now() + timeout).unix_milliseconds().unsigned_abs();
        context.invoked_function_arn = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}");
        context
    }
}

async fn remote(base: &url::Url, client: &reqwest::Client, name: &str, event: &Value) -> Result<Value, FunctionError> {
    let unreachable = |error: &dyn std::fmt::Display| FunctionError::Unreachable {
        name: name.to_owned(),
        detail: error.to_string(),
    };
    let url = base
        .join(&format!("/2015-03-31/functions/{name}/invocations"))
        .map_err(|error| unreachable(&error))?;
    let response = client
        .post(url)
        .json(event)
        .send()
        .await
        .map_err(|error| unreachable(&error))?;
    let failed = !response.status().is_success() || response.headers().contains_key("x-amz-function-error");
    let text = response.text().await.map_err(|error| unreachable(&error))?;
    match serde_json::from_str(&text) {
        Ok(answer) if !failed => Ok(answer),
        _ => Err(FunctionError::Failed {
            name: name.to_owned(),
            detail: text,
        }),
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use serde_json::json;

    use super::*;

    fn invoker(functions: impl IntoIterator<Item = (&'static str, Function)>) -> Invoker {
        let clock = Arc::new(Clock::open(None).unwrap());
        let functions = Functions::InProcess(Arc::new(functions.into_iter().collect()));
        Invoker::new(functions, BTreeMap::new(), clock)
    }

    #[tokio::test]
    async fn a_router_answers_an_event() {
        let router = axum::Router::new().route(
            "/a/{id}",
            get(async |axum::extract::Path(id): axum::extract::Path<String>| id),
        );
        let event = json!({
            "version": "2.0", "routeKey": "ANY /a/{id}", "rawPath": "/a/b c", "rawQueryString": "", "headers": {},
            "requestContext": {"stage": "$default", "http": {"method": "GET", "path": "/a/b c"}},
            "isBase64Encoded": false,
        });
        let answer = invoker([("a", Function::http(router))])
            .invoke("a", event)
            .await
            .unwrap();
        assert_eq!(answer["statusCode"], 200);
        assert_eq!(answer["body"], "b c");
    }

    #[tokio::test]
    async fn what_a_function_does_wrong_is_an_error() {
        let panics = Function::event(|event: LambdaEvent<Value>| async move {
            assert!(event.payload.is_null(), "not null");
            Err::<Value, _>("refused")
        });
        let invoker = invoker([("a", panics)]);
        for (name, event) in [("a", json!(1)), ("a", json!(null)), ("b", json!(null))] {
            let error = invoker.invoke(name, event).await.unwrap_err();
            assert!(matches!(error, FunctionError::Failed { .. }), "{error}");
        }
        let large = Function::event(|_: LambdaEvent<Value>| async { Ok::<_, String>("x".repeat(LIMIT)) });
        let error = self::invoker([("a", large)])
            .invoke("a", json!(null))
            .await
            .unwrap_err();
        assert!(matches!(error, FunctionError::ResponseTooLarge { .. }), "{error}");
    }
}
