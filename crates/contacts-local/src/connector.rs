//! The SDK's connectors: requests of the real AWS clients, served in this process.

use std::{io, sync::Arc};

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use axum::body::Bytes;

use crate::{
    calls::Calls,
    engine::{Answer, Engine},
    faults::{Faults, Meets},
    ses::{Ses, SesAnswer},
};

/// DynamoDB as the functions meet it: counted, and with the faults that a test asks for.
#[derive(Clone)]
pub struct DynamoDb {
    /// The engine.
    pub engine: Engine,
    /// Where calls are counted.
    pub calls: Arc<Calls>,
    /// The faults.
    pub faults: Arc<Faults>,
}

impl DynamoDb {
    /// One call; `None` when the connection breaks.
    pub async fn call(&self, operation: &str, request: Bytes) -> Option<Answer> {
        self.calls.note_rights(operation, &request);
        let (answer, arrives) = match self.faults.meet(operation, &request) {
            Meets::Unreachable => {
                self.calls.add(operation, 0.0, 0.0);
                return None;
            }
            Meets::Answer(answer) => (answer, true),
            Meets::AnswerLost => (self.engine.call(operation, request).await, false),
            Meets::Nothing => (self.engine.call(operation, request).await, true),
        };
        self.calls.add(operation, answer.read_units, answer.write_units);
        arrives.then_some(answer)
    }
}

/// SES as the functions meet it.
#[derive(Clone)]
pub struct SimpleEmail {
    /// The capture.
    pub ses: Arc<Ses>,
    /// Where calls are counted.
    pub calls: Arc<Calls>,
}

impl SimpleEmail {
    /// One call.
    pub fn call(&self, method: &str, path: &str, body: &[u8]) -> SesAnswer {
        let operation = Ses::operation(method, path);
        self.calls.note_rights(operation, body);
        self.calls.add(operation, 0.0, 0.0);
        self.ses.call(method, path, body)
    }
}

/// The AWS clients that functions in this process use.
#[derive(Debug, Clone)]
pub struct Clients {
    /// DynamoDB.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// SES, version 2.
    pub sesv2: aws_sdk_sesv2::Client,
}

/// Region of everything local.
pub const REGION: &str = "ap-northeast-1";

impl Clients {
    /// Clients whose requests never leave this process.
    pub fn new(dynamodb: DynamoDb, email: SimpleEmail) -> Self {
        let sesv2 = aws_sdk_sesv2::Config::builder()
            .behavior_version(aws_sdk_sesv2::config::BehaviorVersion::latest())
            .region(aws_sdk_sesv2::config::Region::new(REGION))
            .credentials_provider(credentials())
            .http_client(client_of(SesConnector(email)))
            .build();
        Self {
            dynamodb: dynamodb_client(DynamoDbConnector(dynamodb)),
            sesv2: aws_sdk_sesv2::Client::from_conf(sesv2),
        }
    }
}

/// A client of the engine that is not counted and meets no faults: for what the stack itself does.
pub fn uncounted_dynamodb(engine: Engine) -> aws_sdk_dynamodb::Client {
    dynamodb_client(EngineConnector(engine))
}

fn dynamodb_client(connector: impl HttpConnector + 'static) -> aws_sdk_dynamodb::Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
        .region(aws_sdk_dynamodb::config::Region::new(REGION))
        .credentials_provider(credentials())
        .http_client(client_of(connector))
        .build();
    aws_sdk_dynamodb::Client::from_conf(config)
}

fn credentials() -> Credentials {
    Credentials::new("local", "local", None, None, "contacts-local")
}

fn client_of(connector: impl HttpConnector + 'static) -> SharedHttpClient {
    let connector = SharedHttpConnector::new(connector);
    http_client_fn(move |_, _| connector.clone())
}

macro_rules! named_in_debug {
    ($($connector:ident),*) => {$(
        impl std::fmt::Debug for $connector {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($connector))
            }
        }
    )*};
}

struct DynamoDbConnector(DynamoDb);
struct EngineConnector(Engine);
struct SesConnector(SimpleEmail);
named_in_debug!(DynamoDbConnector, EngineConnector, SesConnector);

impl HttpConnector for DynamoDbConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let dynamodb = self.0.clone();
        HttpConnectorFuture::new(async move {
            let (operation, body) = dynamodb_request(&request);
            let answer = dynamodb.call(&operation, body).await.ok_or_else(broken)?;
            response(answer.status, answer.body, None)
        })
    }
}

impl HttpConnector for EngineConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let engine = self.0.clone();
        HttpConnectorFuture::new(async move {
            let (operation, body) = dynamodb_request(&request);
            let answer = engine.call(&operation, body).await;
            response(answer.status, answer.body, None)
        })
    }
}

impl HttpConnector for SesConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let email = self.0.clone();
        HttpConnectorFuture::new(async move {
            let uri: http::Uri = request
                .uri()
                .parse()
                .map_err(|error: http::uri::InvalidUri| user(error))?;
            match email.call(request.method(), uri.path(), request.body().bytes().unwrap_or_default()) {
                SesAnswer::Answer {
                    status,
                    body,
                    exception,
                } => response(status, body.to_string(), exception.as_deref()),
                SesAnswer::HangUp => Err(ConnectorError::timeout(io::Error::from(io::ErrorKind::TimedOut).into())),
            }
        })
    }
}

fn dynamodb_request(request: &HttpRequest) -> (String, Bytes) {
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
    (
        operation,
        Bytes::copy_from_slice(request.body().bytes().unwrap_or_default()),
    )
}

fn response(status: u16, body: impl Into<SdkBody>, exception: Option<&str>) -> Result<HttpResponse, ConnectorError> {
    let status = StatusCode::try_from(status).map_err(user)?;
    let mut response = HttpResponse::new(status, body.into());
    response
        .headers_mut()
        .insert("content-type", "application/x-amz-json-1.0");
    if let Some(exception) = exception {
        response.headers_mut().insert("x-amzn-errortype", exception.to_owned());
    }
    Ok(response)
}

fn broken() -> ConnectorError {
    ConnectorError::io(io::Error::from(io::ErrorKind::ConnectionRefused).into())
}

fn user(error: impl std::error::Error + Send + Sync + 'static) -> ConnectorError {
    ConnectorError::user(error.into())
}

#[cfg(test)]
mod tests;
