//! The HTTP API: finds the route, checks the token where the route wants one, calls the function.

mod authorizer;
mod request_event;
mod routes;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    body::{Body, to_bytes},
    extract::{ConnectInfo, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header, request::Parts};
use serde_json::{Value, json};

pub use authorizer::{Authorizer, Refused};
pub use routes::Route;

use authorizer::claims_as_text;
use request_event::Caller;
use routes::Parameters;

use crate::{
    clock::Clock,
    lambda::{FunctionError, Invoker},
};

/// The gateway.
pub struct Gateway {
    /// The template's routes.
    pub routes: Vec<Route>,
    /// Checks tokens, for the routes that want one.
    pub authorizer: Authorizer,
    /// Calls functions.
    pub invoker: Invoker,
    /// Dates requests.
    pub clock: Arc<Clock>,
    /// While whoever runs all this makes requests of its own: they are nothing to tell a person at a terminal.
    pub preparing: AtomicBool,
}

/// The API's limit for a request's body.
const BODY_LIMIT: usize = 10 * 1024 * 1024;

/// The API's limit for an answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Serves one request.
pub async fn serve(
    State(gateway): State<Arc<Gateway>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request<Body>,
) -> Response {
    let begun = Instant::now();
    let (parts, body) = request.into_parts();
    let path = routes::decoded(parts.uri.path());
    let found = routes::find(&gateway.routes, parts.method.as_str(), &path);
    let route = found.as_ref().map_or("(no route)", |(route, _)| route.path());
    let response = match found {
        Some((route, parameters)) => gateway.answer(&parts, &path, body, peer, route, parameters).await,
        None => message(StatusCode::NOT_FOUND, "Not Found"),
    };
    let line = format!(
        "{} {route} {} in {} ms",
        method_name(&parts.method),
        response.status().as_u16(),
        begun.elapsed().as_millis()
    );
    if gateway.preparing.load(Ordering::Relaxed) || is_kept_for_good(&response) {
        tracing::debug!("{line}");
    } else {
        tracing::info!("{line}");
    }
    response
}

/// A method may be any word of the caller's.
fn method_name(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known
        .into_iter()
        .find(|known| method.as_str() == *known)
        .unwrap_or("(other)")
}

/// What is named after its content: a page asks for many of these, and none is news.
fn is_kept_for_good(response: &Response) -> bool {
    let kept = response
        .headers()
        .get(header::CACHE_CONTROL)
        .and_then(|value| value.to_str().ok());
    kept.is_some_and(|value| value.contains("immutable"))
}

impl Gateway {
    async fn answer(
        &self,
        parts: &Parts,
        path: &str,
        body: Body,
        peer: SocketAddr,
        route: &Route,
        parameters: Parameters,
    ) -> Response {
        let claims = if route.authorized {
            match authorize(&self.authorizer, &parts.headers) {
                Ok(claims) => Some(claims),
                Err(challenge) => return unauthorized(&challenge),
            }
        } else {
            None
        };
        let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
            return too_large();
        };
        let caller = Caller {
            peer,
            claims,
            now: self.clock.now(),
        };
        let event = request_event::of_request(parts, path, &body, &route.key(), parameters, caller);
        match tokio::time::timeout(TIMEOUT, self.invoker.invoke(&route.function, event)).await {
            Err(_) => message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
            Ok(Err(error)) => {
                tracing::error!(%error, route = route.key(), "invocation");
                match error {
                    FunctionError::Unreachable { .. } => {
                        message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
                    }
                    // Within the API's limit, and too much for Lambda once it is JSON: a body that is no text grows
                    // by a third as base64.
                    FunctionError::EventTooLarge { .. } => too_large(),
                    FunctionError::Failed { .. } | FunctionError::ResponseTooLarge { .. } => internal_error(),
                }
            }
            Ok(Ok(answer)) => response_of(&parts.method, answer),
        }
    }
}

/// The claims as the function gets them, or else the challenge.
fn authorize(authorizer: &Authorizer, headers: &HeaderMap) -> Result<Value, String> {
    let value = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let token = match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => value,
    };
    if token.is_empty() {
        return Err("Bearer".to_owned());
    }
    match authorizer.verify(token) {
        Ok(claims) => Ok(json!(claims_as_text(&claims))),
        Err(refused) => Err(format!(
            "Bearer scope=\"\" error=\"invalid_token\" error_description=\"{refused}\""
        )),
    }
}

fn unauthorized(challenge: &str) -> Response {
    let mut response = message(StatusCode::UNAUTHORIZED, "Unauthorized");
    if let Ok(challenge) = HeaderValue::from_str(challenge) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// An answer of the gateway itself.
fn message(status: StatusCode, text: &str) -> Response {
    (status, axum::Json(json!({"message": text}))).into_response()
}

fn too_large() -> Response {
    message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large")
}

fn internal_error() -> Response {
    message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}

/// The HTTP response in a function's answer; what is none becomes the body of a 200, as the API infers it.
fn response_of(method: &Method, answer: Value) -> Response {
    let Some(status) = answer.get("statusCode") else {
        return axum::Json(answer).into_response();
    };
    let status = status
        .as_u64()
        .and_then(|code| u16::try_from(code).ok())
        .map(StatusCode::from_u16);
    let Some(Ok(status)) = status else {
        return internal_error();
    };
    let Some(body) = request_event::body_of_answer(&answer) else {
        return internal_error();
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let fields = |name: &str| answer.get(name).and_then(Value::as_object).into_iter().flatten();
    let single = fields("headers").map(|(name, value)| (name, vec![value.clone()]));
    let multiple = fields("multiValueHeaders").filter_map(|(name, values)| Some((name, values.as_array()?.clone())));
    let cookies = answer
        .get("cookies")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let set_cookie = header::SET_COOKIE.to_string();
    for (name, values) in single.chain(multiple).chain([(&set_cookie, cookies)]) {
        for value in values {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else {
                return internal_error();
            };
            // The length is that of the body here, which the server knows, but for HEAD, where there is none.
            if name != header::CONTENT_LENGTH || method == Method::HEAD {
                response.headers_mut().append(name, value);
            }
        }
    }
    response
}

#[cfg(test)]
mod tests;
