//! The way to DynamoDB and SES: connectors for the real clients of the AWS SDK in this process, answers on the wire
//! for those in others.

use std::io;

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
use axum::{
    body::{Body, Bytes},
    response::{IntoResponse as _, Response},
};
use http::{HeaderName, HeaderValue, header};

use crate::{
    REGION,
    dynamodb::{self, DynamoDb, Engine},
    ses::{SesResponse, SimpleEmail},
};

/// The AWS clients that functions in this process use.
#[derive(Debug, Clone)]
pub struct Clients {
    /// DynamoDB.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// SES, version 2.
    pub sesv2: aws_sdk_sesv2::Client,
}

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

/// A client of the engine that is not counted and meets no faults: for whoever runs all this.
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
    Credentials::new("local", "local", None, None, "local-aws")
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
            let body = request.body().bytes().unwrap_or_default();
            match email.call(request.method(), uri.path(), body).await {
                SesResponse::Response {
                    status,
                    body,
                    exception,
                } => response(status, body.to_string(), exception.as_deref()),
                SesResponse::HangUp => Err(ConnectorError::timeout(io::Error::from(io::ErrorKind::TimedOut).into())),
            }
        })
    }
}

fn dynamodb_request(request: &HttpRequest) -> (String, Bytes) {
    let operation = dynamodb::operation(request.headers().get("x-amz-target")).to_owned();
    (
        operation,
        Bytes::copy_from_slice(request.body().bytes().unwrap_or_default()),
    )
}

fn response(status: u16, body: impl Into<SdkBody>, exception: Option<&str>) -> Result<HttpResponse, ConnectorError> {
    let status = StatusCode::try_from(status).map_err(user)?;
    let mut response = HttpResponse::new(status, body.into());
    response.headers_mut().insert("content-type", CONTENT_TYPE);
    if let Some(exception) = exception {
        response.headers_mut().insert(ERROR_TYPE, exception.to_owned());
    }
    Ok(response)
}

const CONTENT_TYPE: &str = "application/x-amz-json-1.0";
const ERROR_TYPE: &str = "x-amzn-errortype";

/// An answer to another process.
pub(crate) fn wire(status: u16, body: Vec<u8>, exception: Option<&str>) -> Response {
    let status = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    if let Some(Ok(exception)) = exception.map(HeaderValue::from_str) {
        headers.insert(HeaderName::from_static(ERROR_TYPE), exception);
    }
    response
}

/// A body that breaks off: the server closes the connection, and the other process has no answer.
pub(crate) fn hang_up() -> Response {
    let broken = io::Error::from(io::ErrorKind::ConnectionAborted);
    let body = futures_util::stream::once(std::future::ready(Err::<Bytes, _>(broken)));
    Response::new(Body::from_stream(body))
}

fn broken() -> ConnectorError {
    ConnectorError::io(io::Error::from(io::ErrorKind::ConnectionRefused).into())
}

fn user(error: impl std::error::Error + Send + Sync + 'static) -> ConnectorError {
    ConnectorError::user(error.into())
}

#[cfg(test)]
mod tests;
