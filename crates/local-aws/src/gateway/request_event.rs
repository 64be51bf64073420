//! The event that API Gateway makes of a request: payload format 2.0.

use std::{collections::BTreeMap, net::SocketAddr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, header, request::Parts};
use serde_json::{Map, Value, json};
use time::macros::format_description;
use uuid::Uuid;

use super::routes::Parameters;
use crate::{ACCOUNT, clock::Timestamp};

/// Who calls, and when.
pub(super) struct Caller {
    /// Where the connection comes from.
    pub(super) peer: SocketAddr,
    /// The claims of the token, when the route has the authoriser.
    pub(super) claims: Option<Value>,
    /// The time of the request.
    pub(super) now: Timestamp,
}

/// Id of the API here.
const API_ID: &str = "local";

/// The event of a request, with its path as it was routed. The query stays as it came.
pub(super) fn of_request(
    parts: &Parts,
    path: &str,
    body: &[u8],
    route_key: &str,
    parameters: Parameters,
    caller: Caller,
) -> Value {
    let query = parts.uri.query().unwrap_or_default();
    let host = text(&parts.headers, header::HOST.as_str());
    let (id, _) = Uuid::new_v4().as_u64_pair();
    let mut event = json!({
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers(&parts.headers, &caller),
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": API_ID,
            "domainName": host,
            "domainPrefix": host.split('.').next().unwrap_or_default(),
            "http": {
                "method": parts.method.as_str(),
                "path": path,
                "protocol": format!("{:?}", parts.version),
                "sourceIp": caller.peer.ip().to_string(),
                "userAgent": text(&parts.headers, header::USER_AGENT.as_str()),
            },
            "requestId": format!("{id:016x}"),
            "routeKey": route_key,
            "stage": "$default",
            "time": request_time(caller.now),
            "timeEpoch": caller.now.unix_milliseconds(),
        },
        "isBase64Encoded": false,
    });
    if let Some(claims) = caller.claims
        && let Some(context) = event.get_mut("requestContext").and_then(Value::as_object_mut)
    {
        context.insert(
            "authorizer".to_owned(),
            json!({"jwt": {"claims": claims, "scopes": null}}),
        );
    }
    let Some(fields) = event.as_object_mut() else {
        return event;
    };
    let cookies: Vec<&str> = parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';').map(str::trim))
        .filter(|cookie| !cookie.is_empty())
        .collect();
    if !cookies.is_empty() {
        fields.insert("cookies".to_owned(), json!(cookies));
    }
    if !query.is_empty() {
        fields.insert("queryStringParameters".to_owned(), json!(query_parameters(query)));
    }
    if !parameters.is_empty() {
        fields.insert("pathParameters".to_owned(), json!(parameters));
    }
    insert_body(fields, &parts.headers, body);
    event
}

fn insert_body(fields: &mut Map<String, Value>, headers: &HeaderMap, body: &[u8]) {
    if body.is_empty() {
        return;
    }
    match std::str::from_utf8(body) {
        Ok(body) if is_text(&text(headers, header::CONTENT_TYPE.as_str())) => {
            fields.insert("body".to_owned(), body.into());
        }
        _ => {
            fields.insert("body".to_owned(), STANDARD.encode(body).into());
            fields.insert("isBase64Encoded".to_owned(), true.into());
        }
    }
}

/// The types that API Gateway hands on as text; a form is not among them.
fn is_text(content_type: &str) -> bool {
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence.is_empty()
        || essence.starts_with("text/")
        || essence.ends_with("+json")
        || essence.ends_with("+xml")
        || matches!(
            essence.as_str(),
            "application/json" | "application/xml" | "application/javascript"
        )
}

/// Names in lower case, values of one name joined; cookies stand elsewhere.
fn headers(headers: &HeaderMap, caller: &Caller) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = headers
        .keys()
        .filter(|name| *name != header::COOKIE)
        .map(|name| (name.as_str().to_owned(), text(headers, name.as_str())))
        .collect();
    let peer = caller.peer.ip().to_string();
    let forwarded = joined
        .get("x-forwarded-for")
        .map_or(peer.clone(), |before| format!("{before}, {peer}"));
    joined.insert("x-forwarded-for".to_owned(), forwarded);
    joined.insert("x-forwarded-proto".to_owned(), "http".to_owned());
    joined
}

fn text(headers: &HeaderMap, name: &str) -> String {
    let values = headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    values.collect::<Vec<_>>().join(",")
}

fn query_parameters(query: &str) -> BTreeMap<String, String> {
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        parameters
            .entry(name.into_owned())
            .and_modify(|before| {
                before.push(',');
                before.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    parameters
}

/// As in an access log: `12/Mar/2026:19:03:58 +0000`.
fn request_time(now: Timestamp) -> String {
    let format = format_description!("[day]/[month repr:short]/[year]:[hour]:[minute]:[second] +0000");
    now.date_time().format(&format).unwrap_or_default()
}

/// The body in a function's answer; `None` when it is marked as base64 and is not.
pub(super) fn body_of_answer(answer: &Value) -> Option<Vec<u8>> {
    let body = answer.get("body").and_then(Value::as_str).unwrap_or_default();
    if answer.get("isBase64Encoded") == Some(&Value::Bool(true)) {
        STANDARD.decode(body).ok()
    } else {
        Some(body.as_bytes().to_vec())
    }
}
