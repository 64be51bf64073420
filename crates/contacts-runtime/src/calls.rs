//! How many calls of AWS an event makes: one line of its log says so.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use aws_sdk_dynamodb::config::{
    ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::{box_error::BoxError, client::interceptors::dyn_dispatch_hint};

tokio::task_local! {
    // Of the task, not of the process: events may run side by side.
    static CALLS: Arc<AtomicU32>;
}

/// Counts each attempt of a client for the event that makes it: a retry is a call too.
#[derive(Debug, Clone, Copy)]
pub struct CountCalls;

#[dyn_dispatch_hint]
impl Intercept for CountCalls {
    fn name(&self) -> &'static str {
        "CountCalls"
    }

    fn read_before_attempt(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // Outside of an event, at the start of a function, nobody asks for the number.
        let _ = CALLS.try_with(|calls| calls.fetch_add(1, Ordering::Relaxed));
        Ok(())
    }
}

/// Runs work, and tells how many calls it made.
pub(crate) async fn counted<T>(work: impl Future<Output = T>) -> (T, u32) {
    let calls = Arc::new(AtomicU32::new(0));
    let result = CALLS.scope(calls.clone(), work).await;
    (result, calls.load(Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use aws_credential_types::Credentials;
    use aws_sdk_dynamodb::{
        Client, Config,
        config::{BehaviorVersion, Region, retry::RetryConfig},
    };
    use aws_smithy_runtime_api::{
        client::{
            http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
            orchestrator::{HttpRequest, HttpResponse},
        },
        http::StatusCode,
    };

    use super::*;

    /// Fails at first, and has one answer to all then.
    #[derive(Debug, Clone)]
    struct Endpoint(Arc<AtomicU32>);

    impl HttpConnector for Endpoint {
        fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
            let first = self.0.fetch_add(1, Ordering::Relaxed) == 0;
            let (status, body) = if first {
                (500, "")
            } else {
                (200, r#"{"TableNames":[]}"#)
            };
            let response = HttpResponse::new(StatusCode::try_from(status).unwrap(), body.into());
            HttpConnectorFuture::ready(Ok(response))
        }
    }

    #[tokio::test]
    async fn events_side_by_side_count_their_own_calls_and_retries() {
        let connector = SharedHttpConnector::new(Endpoint(Arc::default()));
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("us-east-1"))
            .credentials_provider(Credentials::from_keys("key", "secret", None))
            .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .interceptor(CountCalls);
        let client = Client::from_conf(config.build());
        let times = |number: u32| {
            let client = client.clone();
            counted(async move {
                for _ in 0..number {
                    client.list_tables().send().await.unwrap();
                    tokio::task::yield_now().await;
                }
            })
        };
        let (((), retried), ((), three)) = tokio::join!(times(1), times(3));
        assert_eq!((retried, three), (2, 3));
        client.list_tables().send().await.expect("outside of an event");
    }
}
