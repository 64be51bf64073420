//! The state of a function's routes, and the layers around them.

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request},
    http::{HeaderValue, Method, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use contacts::user::{Organization, User};
use contacts_dynamodb::Store;
use contacts_runtime::logs::{self, Ending};
use lambda_http::RequestExt as _;
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;
use url::Url;

use crate::{Problem, caller::TokenRules, path, problem::ProblemCode};

/// What every route has at hand.
#[derive(Clone)]
pub struct Api {
    /// The store.
    pub store: Store,
    /// Whose tokens are good.
    pub tokens: TokenRules,
    /// Where pictures may come from.
    pub avatars: AvatarOrigins,
}

/// The origins that pictures of people may be shown from.
#[derive(Debug, Clone, Default)]
pub struct AvatarOrigins(Vec<url::Origin>);

/// The most that a body may have, in bytes.
pub const MAX_BODY: usize = 256 * 1024;

/// When a function answers for itself that it took too long: before the gateway's 30 seconds.
const OWN_TIMEOUT: Duration = Duration::from_secs(25);

impl AvatarOrigins {
    /// Reads a list with commas.
    pub fn parse(list: &str) -> Option<Self> {
        let origin = |text: &str| Some(Url::parse(text.trim()).ok()?.origin()).filter(url::Origin::is_tuple);
        list.split(',').map(origin).collect::<Option<_>>().map(Self)
    }

    /// The origins, as a browser writes them.
    pub fn list(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(url::Origin::ascii_serialization)
    }

    /// A picture's address, if it may be shown: compared as an origin, never as text.
    pub fn allowed(&self, avatar: Option<&str>) -> Option<String> {
        let origin = Url::parse(avatar?).ok()?.origin();
        self.0.contains(&origin).then(|| avatar.map(str::to_owned)).flatten()
    }

    /// A user's picture, if it may be shown.
    pub fn of(&self, user: &User) -> Option<String> {
        self.allowed(user.avatar_image_url.as_deref())
    }
}

/// The name of somebody's organisation.
pub fn organization_name(user: &User) -> Option<&str> {
    user.organization
        .as_ref()
        .map(|Organization { name, .. }| name.as_str())
}

/// Puts the layers around a function's routes: the path as it was asked for, 404 and 405 as problems, the limit of a
/// body, the function's own time-out, a panic as an answer, headers, and the line of the log.
pub fn layers<S: Clone + Send + Sync + 'static>(routes: Router<S>, state: S) -> Router {
    let routes = routes
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .with_state(state)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            tracing::error!("a handler panicked");
            Problem::internal().into_response()
        }))
        .layer(from_fn(in_time))
        .layer(from_fn(logged));
    // A layer of a router comes behind its routing, and routes are found by the path.
    Router::new().fallback_service(routes.map_request(path::of_event))
}

/// Puts the request into the log: by its route, since its path may hold a token or a person's id.
async fn logged(request: Request, next: Next) -> Response {
    let context = request.extensions().lambda_context_ref();
    let request_id = context.map(|context| context.request_id.clone()).unwrap_or_default();
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(none)", MatchedPath::as_str);
    let route = format!("{} {path}", method_name(request.method()));
    logs::event(&request_id, &route, next.run(request), |response| {
        let code = response
            .extensions()
            .get::<ProblemCode>()
            .map(|ProblemCode(code)| *code);
        Ending::of_response(response.status().as_u16(), code)
    })
    .await
}

/// A method may be any word of the caller's.
fn method_name(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known
        .into_iter()
        .find(|known| method.as_str() == *known)
        .unwrap_or("(other)")
}

async fn in_time(request: Request, next: Next) -> Response {
    let answered = tokio::time::timeout(OWN_TIMEOUT, next.run(request)).await;
    let mut response = answered.unwrap_or_else(|_| Problem::timeout().into_response());
    let headers = response.headers_mut();
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_shown_from_configured_origins_only() {
        let origins = AvatarOrigins::parse("https://img.example, https://cdn.example:8443").unwrap();
        for good in [
            "https://img.example/a.png",
            "https://IMG.example:443/",
            "https://cdn.example:8443/x",
        ] {
            assert_eq!(origins.allowed(Some(good)).as_deref(), Some(good));
        }
        for bad in [
            "http://img.example/a.png",
            "https://img.example.evil.example/",
            "https://evil.example/https://img.example",
            "https://img.example@evil.example/",
            "https://cdn.example/x",
            "//img.example/a",
            "data:image/png,",
            "",
            "javascript:1",
        ] {
            assert_eq!(origins.allowed(Some(bad)), None, "{bad}");
        }
        assert!(AvatarOrigins::parse("img.example").is_none() && AvatarOrigins::parse("data:x").is_none());
    }
}
