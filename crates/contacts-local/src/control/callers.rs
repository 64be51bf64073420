//! Who may call under `/_local`: anybody on this machine, but no page of another site.
//!
//! There is no token, so a page on the internet could register people or read their mail through the browser of
//! whoever runs the stack: by a request of its own, or under a name of its own that leads to 127.0.0.1. A browser
//! says of such a request where it goes to (`Host`) and where it comes from (`Origin`, `Sec-Fetch-Site`); programs
//! say neither of the latter. A link or a bookmark may open a page here: what it shows is hidden from where it was.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use contacts_http::problem::Problem;
use http::{HeaderMap, Method, StatusCode, header, uri::Authority};
use url::{Host, Url};

/// Lets a request pass, or answers 403.
pub(super) async fn check(request: Request, next: Next) -> Response {
    match refusal(request.method(), request.headers()) {
        None => next.run(request).await,
        Some(detail) => Problem::new(StatusCode::FORBIDDEN, "forbidden", detail).into_response(),
    }
}

/// Why a request is refused.
fn refusal(method: &Method, headers: &HeaderMap) -> Option<&'static str> {
    let text = |name: &str| Some(headers.get(name)?.to_str().unwrap_or_default());
    if !text(header::HOST.as_str()).is_some_and(is_loopback_host) {
        return Some("Host must be 127.0.0.1, localhost or [::1]");
    }
    let site = text("sec-fetch-site");
    // Its Origin is "null" where a page of the stack, which names no referrer, sends a form.
    if site == Some("same-origin") {
        return None;
    }
    if text(header::ORIGIN.as_str()).is_some_and(|origin| !is_loopback_origin(origin)) {
        return Some("pages of other sites may not call this: Origin");
    }
    let opens_a_page = matches!(*method, Method::GET | Method::HEAD)
        && text("sec-fetch-mode") == Some("navigate")
        && text("sec-fetch-dest") == Some("document");
    if site == Some("cross-site") && !opens_a_page {
        return Some("pages of other sites may not call this: Sec-Fetch-Site");
    }
    None
}

fn is_loopback_host(host: &str) -> bool {
    let authority = host.parse::<Authority>();
    authority.is_ok_and(|authority| {
        let host = authority.host();
        host == "127.0.0.1" || host == "[::1]" || host.eq_ignore_ascii_case("localhost")
    })
}

fn is_loopback_origin(origin: &str) -> bool {
    let origin = Url::parse(origin).ok();
    match origin.as_ref().and_then(Url::host) {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(method: Method, headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        refusal(&method, &headers.collect()).is_none()
    }

    #[test]
    fn the_host_is_this_machine_by_its_own_names() {
        for good in [
            "127.0.0.1:3000",
            "127.0.0.1",
            "localhost:1",
            "LocalHost",
            "[::1]:3000",
            "[::1]",
        ] {
            assert!(passes(Method::POST, &[("host", good)]), "{good}");
        }
        for bad in [
            "evil.example",
            "evil.example:3000",
            "127.0.0.1.evil.example",
            "127.0.0.1:3000@evil.example",
            "localhost.evil.example",
            "127.0.0.1 evil.example",
            "192.168.0.1:3000",
            "",
        ] {
            // Under DNS rebinding the browser takes the page for one of the same origin.
            let headers = [("host", bad), ("sec-fetch-site", "same-origin")];
            assert!(!passes(Method::GET, &headers), "{bad}");
        }
        assert!(!passes(Method::GET, &[]), "no Host");
    }

    #[test]
    fn pages_of_other_sites_are_refused_and_programs_are_not() {
        const HOST: (&str, &str) = ("host", "127.0.0.1:3000");
        let origin = |origin| passes(Method::POST, &[HOST, ("origin", origin)]);
        for good in ["http://127.0.0.1:3000", "http://localhost:5173", "http://[::1]:3000"] {
            assert!(origin(good), "{good}");
        }
        for bad in [
            "https://evil.example",
            "null",
            "http://127.0.0.1.evil.example",
            "",
            "file://",
        ] {
            assert!(!origin(bad), "{bad}");
        }
        let site = |method, site| passes(method, &[HOST, ("sec-fetch-site", site), ("sec-fetch-mode", "no-cors")]);
        for good in ["same-origin", "same-site", "none"] {
            assert!(site(Method::POST, good), "{good}");
        }
        assert!(!site(Method::POST, "cross-site"));
        assert!(!site(Method::GET, "cross-site"), "an image, say");
        let own_form = [HOST, ("origin", "null"), ("sec-fetch-site", "same-origin")];
        assert!(passes(Method::POST, &own_form), "the sign-in page's form");
    }

    #[test]
    fn a_link_on_another_site_may_open_a_page() {
        let opens = |method, dest| {
            let headers = [
                ("host", "127.0.0.1:3000"),
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", dest),
            ];
            passes(method, &headers)
        };
        assert!(opens(Method::GET, "document"));
        assert!(!opens(Method::GET, "iframe"), "in a frame of that site");
        assert!(!opens(Method::POST, "document"), "a form of that site");
    }
}
