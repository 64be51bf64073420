//! The link page, rendered.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use contacts::{PersonName, link::Ending, user::Locale};

use super::{settings, text};
use crate::{
    pages::link::{LinkState, ShownInviter, page},
    visitor::PageVisitor,
};

fn visitor(language: Locale, accept_encoding: &'static str) -> PageVisitor {
    let accepted = (header::ACCEPT_ENCODING, HeaderValue::from_static(accept_encoding));
    PageVisitor {
        asked: None,
        language,
        headers: [accepted].into_iter().collect(),
    }
}

pub(super) fn rendered(language: Locale, shown: &LinkState, accept_encoding: Option<&'static str>) -> Response {
    page(
        &settings(),
        &visitor(language, accept_encoding.unwrap_or_default()),
        shown,
    )
}

pub(super) fn alive(name: &str, avatar: Option<&str>) -> LinkState {
    LinkState::Alive(ShownInviter {
        name: PersonName::parse(name).unwrap(),
        avatar: avatar.map(str::to_owned),
    })
}

#[tokio::test]
async fn each_page_without_an_inviter_says_why_and_shows_nobody() {
    for (shown, status, name, said) in [
        (LinkState::Unknown, 404, "unknown", "Link not found"),
        (LinkState::Nowhere, 404, "nowhere", "Page not found"),
        (
            LinkState::Ended(Ending::Expired),
            410,
            "expired",
            "This link has expired",
        ),
        (
            LinkState::Ended(Ending::UsedUp),
            410,
            "used_up",
            "This link has reached its limit",
        ),
        (
            LinkState::Ended(Ending::Revoked),
            410,
            "revoked",
            "This link no longer works",
        ),
        (
            LinkState::Failed(StatusCode::SERVICE_UNAVAILABLE),
            503,
            "failed",
            "The service isn't responding",
        ),
    ] {
        let response = rendered(Locale::En, &shown, None);
        assert_eq!(response.status(), status, "{name}");
        let page = text(response).await.replace("&#39;", "'");
        assert!(
            page.contains(&format!("data-view=\"{name}\"")) && page.contains(&format!(">{said}</h1>")),
            "{page}"
        );
        let cases: Vec<_> = page
            .split("<template id=\"case-")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let expected: &[_] = match status {
            410 => &["looking", "own_link", "already_contact", "failed"],
            _ => &[],
        };
        assert_eq!(cases, expected, "{name}");
        let shown = page.split("<p id=\"alert\"").next().unwrap();
        assert_eq!(shown.contains("<button"), name == "failed", "{page}");
        assert!(
            page.contains("class=\"badge\"") && !page.contains("class=\"person\""),
            "{page}"
        );
    }
}

#[tokio::test]
async fn a_good_link_brings_all_cases_in_its_language() {
    for (language, sign_in, lang) in [
        (Locale::En, ">Sign in</button>", "en"),
        (Locale::Ja, ">ログイン</button>", "ja"),
    ] {
        let response = rendered(language, &alive("田中 太郎", None), None);
        assert_eq!(response.status(), StatusCode::OK);
        let page = text(response).await;
        assert!(
            page.contains(&format!("<html lang=\"{lang}\">")) && page.contains(sign_in),
            "{page}"
        );
        assert!(
            page.contains("<noscript>") && page.contains(">田太</div>") && !page.contains("<img"),
            "{page}"
        );
        for case in [
            "own_link",
            "already_contact",
            "awaiting_you",
            "request_pending",
            "already_pending",
            "at_limit",
            "ask",
            "connect",
            "request_sent",
            "connected",
            "not_registered",
            "failed",
            "expired",
            "used_up",
            "revoked",
            "unknown",
        ] {
            assert_eq!(
                page.matches(&format!("<template id=\"case-{case}\" ")).count(),
                1,
                "{case}"
            );
        }
        assert_eq!(
            page.matches("data-do=\"press\"").count(),
            3,
            "ask, connect and awaiting_you only"
        );
        assert!(!page.contains("{name}") && !page.contains("{product}"));
        assert!(page.len() < 16_000, "{}", page.len());
    }
}

#[test]
fn somebody_arrives_from_elsewhere_and_in_person() {
    for (headers, arrives) in [
        (&[][..], true),
        (&[("sec-fetch-site", "none")], true),
        (&[("sec-fetch-site", "cross-site")], true),
        (&[("sec-fetch-site", "same-site")], true),
        (&[("sec-fetch-site", "same-origin")], false),
        (&[("sec-fetch-site", "none"), ("sec-purpose", "prefetch")], false),
        (
            &[("sec-fetch-site", "cross-site"), ("sec-purpose", "prefetch;prerender")],
            false,
        ),
        (&[("sec-purpose", "other")], true),
    ] {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let visitor = PageVisitor {
            headers: headers.collect(),
            ..visitor(Locale::En, "")
        };
        assert_eq!(visitor.arrives(), arrives, "{:?}", visitor.headers);
    }
}

#[tokio::test]
async fn buttons_lead_on_in_the_language_of_the_address() {
    for (asked, expected) in [
        (None, "href=\"/#requests\""),
        (Some(Locale::Ja), "href=\"/?lang=ja#requests\""),
        (Some(Locale::En), "href=\"/?lang=en#requests\""),
    ] {
        let visitor = PageVisitor {
            asked,
            ..visitor(Locale::En, "")
        };
        let page = text(page(&settings(), &visitor, &alive("Jo", None))).await;
        assert_eq!(page.matches(expected).count(), 3, "{page}");
    }
}

#[tokio::test]
async fn names_are_set_apart_with_what_belongs_to_them() {
    for (language, expected) in [
        (
            Locale::En,
            "<h1 tabindex=\"-1\"><span class=\"name\">Jo &#38; Li</span> invites you to connect</h1>",
        ),
        (
            Locale::Ja,
            "<h1 tabindex=\"-1\"><span class=\"name\">Jo &#38; Liさん</span>からの招待</h1>",
        ),
    ] {
        let page = text(rendered(language, &alive("Jo & Li", None), None)).await;
        assert!(page.contains(expected), "{page}");
    }
    // The page of a dead link has the place alone.
    for (language, expected) in [
        (Locale::En, ">You and <span class=\"name\"></span> are contacts</h1>"),
        (
            Locale::Ja,
            "><span class=\"name\">さん</span>とはすでにコンタクトです</h1>",
        ),
    ] {
        let page = text(rendered(language, &LinkState::Ended(Ending::UsedUp), None)).await;
        assert!(page.contains(expected), "{page}");
    }
}

#[tokio::test]
async fn pictures_come_from_configured_origins_only() {
    let show = async |avatar| {
        let response = rendered(Locale::En, &alive("Jo", Some(avatar)), None);
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap()
            .to_owned();
        (policy, text(response).await)
    };
    let (policy, page) = show("https://img.example/a.png?x=1&y=\"").await;
    assert!(policy.contains("img-src 'self' data: https://img.example;"), "{policy}");
    assert!(
        page.contains("<img class=\"person\" src=\"https://img.example/a.png?x=1&#38;y=&#34;\""),
        "{page}"
    );
    for foreign in [
        "https://evil.example/a.png",
        "https://img.example.evil.example/",
        "javascript:alert(1)",
    ] {
        let (policy, page) = show(foreign).await;
        assert!(
            policy.contains("img-src 'self' data:;") && !page.contains("<img") && !page.contains("evil"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn a_hostile_name_stays_text() {
    for name in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "</template></title><script src=//evil.example>",
        "{{1234*4321}} {product} {name} ${x} {% raw %}",
    ] {
        let plain = text(rendered(Locale::En, &alive("Jo", None), None)).await;
        let page = text(rendered(Locale::En, &alive(name, None), None)).await;
        for mark in ["<", ">", "\""] {
            assert_eq!(
                page.matches(mark).count(),
                plain.matches(mark).count(),
                "{mark} in {name}"
            );
        }
        assert!(!page.contains("5332114"), "{page}");
    }
    let page = text(rendered(Locale::En, &alive("{product}", None), None)).await;
    assert!(page.contains(">{product}</span> invites you to connect</h1>"));
}
