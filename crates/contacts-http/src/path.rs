//! Paths, and the ids and tokens in them. What cannot be one names nothing, like an unknown one.

use axum::{
    extract::{FromRequestParts, Path, Request},
    http::{Uri, request::Parts, uri::PathAndQuery},
};
use contacts::{UserId, link::LinkToken};
use lambda_http::RequestExt as _;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use ulid::Ulid;

use crate::Problem;

/// `{id}`.
#[derive(Debug)]
pub struct Id(pub Ulid);

/// `{user_id}`.
#[derive(Debug)]
pub struct User(pub UserId);

/// `{token}`; none where it has not the form of one, whatever bytes it is.
#[derive(Debug)]
pub struct Token(pub Option<LinkToken>);

/// What is in a path only as an escape, beside what is not ASCII.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Gives a request the path of its event.
///
/// The HTTP API hands a path on percent-decoded, and `lambda_http` reads it as a URL: there `?` and `#` would end it,
/// `..` would leave its folder, and routes would decode `%41` once more. So it is escaped again.
pub(crate) fn of_event(mut request: Request) -> Request {
    let path = request.raw_http_path();
    if !path.starts_with('/') {
        return request;
    }
    let mut target = utf8_percent_encode(path, ESCAPED).to_string();
    // Behind one of these, what `lambda_http` takes for the query is part of the path.
    let query = request.uri().query().filter(|_| !path.contains(['?', '#']));
    if let Some(query) = query {
        target.push('?');
        target.push_str(query);
    }
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from(target).ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    request
}

async fn segment<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<String, Problem> {
    Path::<String>::from_request_parts(parts, state)
        .await
        .map(|Path(text)| text)
        .map_err(|_| Problem::not_found())
}

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = segment(parts, state).await?;
        // `from_string` takes lower case and look-alikes too; an id has one spelling.
        let id = Ulid::from_string(&text).ok().filter(|id| id.to_string() == text);
        id.map(Self).ok_or_else(Problem::not_found)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for User {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        UserId::parse(&segment(parts, state).await?)
            .map(Self)
            .map_err(|_| Problem::not_found())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Token {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let text = segment(parts, state).await.unwrap_or_default();
        Ok(Self(LinkToken::parse(&text)))
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, routing::get};
    use lambda_http::{Body as EventBody, request::LambdaRequest};
    use serde_json::json;
    use tower::ServiceExt as _;

    use super::*;
    use crate::api::layers;

    /// What a route is given of an event with this path: its parameter, and the query.
    async fn seen(path: &str, query: &str) -> String {
        let event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
            "headers": {"host": "contacts.example", "x-forwarded-proto": "https"},
            "requestContext": {"stage": "$default", "http": {"method": "GET", "path": path}},
            "isBase64Encoded": false,
        });
        let event: LambdaRequest = serde_json::from_str(&event.to_string()).unwrap();
        let request = lambda_http::Request::from(event).map(|body| match body {
            EventBody::Text(text) => Body::from(text),
            _ => Body::empty(),
        });
        let shown = async |Path(id): Path<String>, uri: Uri| format!("{id} {}", uri.query().unwrap_or("-"));
        let routes = Router::new().route("/a/{id}", get(shown));
        let response = layers(routes, ()).oneshot(request).await.unwrap();
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn l06_routes_see_the_path_of_the_event_decoded_once() {
        for (path, query, expected) in [
            ("/a/A", "", "A -"),
            ("/a/A", "q=%41&r=%20", "A q=%41&r=%20"),
            ("/a/T?utm_source=x", "", "T?utm_source=x -"),
            ("/a/T#x", "q=1", "T#x -"),
            ("/a/%41", "", "%41 -"),
            ("/a/%zz", "", "%zz -"),
            ("/a/..", "", ".. -"),
            ("/a/\\ \t\u{7f}", "", "\\ \t\u{7f} -"),
            ("/a/。」\u{FFFD}\u{200B}", "", "。」\u{FFFD}\u{200B} -"),
            ("/a/[^`{|}]<>\"'", "", "[^`{|}]<>\"' -"),
        ] {
            assert_eq!(seen(path, query).await, expected, "{path}");
        }
        let none = seen("/a/x/y", "").await;
        assert!(none.contains("not_found"), "{none}");
    }
}
