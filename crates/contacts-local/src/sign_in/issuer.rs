//! The development sign-in: an OpenID Connect issuer where one picks who to be. Never part of a function.
//!
//! Code flow with PKCE only, for pages of this stack only.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use askama::Template;
use axum::{
    Extension, Form, Json, Router,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use contacts::{Locale, Random as _, UserId};
use contacts_texts::Texts;
use http::{
    HeaderMap, StatusCode,
    header::{COOKIE as COOKIE_HEADER, SET_COOKIE},
};
use local_aws::clock::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use url::Url;
use web::PageVisitor;

use contacts_runtime::system::SystemRandom;

use super::tokens::CLIENT_ID;
use crate::{
    control::Control,
    html::{Notice, page},
    people::{
        administration::Person,
        registration::{Registration, RegistrationError},
    },
};

/// Where the issuer is.
pub const PATH: &str = "/_local/oidc";

/// How long a code may be redeemed.
const CODE_LIFETIME: std::time::Duration = std::time::Duration::from_secs(300);

/// The cookie that this issuer knows a browser by.
const COOKIE: &str = "local_sign_in";

/// People that the page shows.
const SHOWN: usize = 60;

struct Issuer {
    origin: String,
    codes: Mutex<HashMap<String, Grant>>,
    /// Who is signed in here, by the secret in the browser's cookie.
    sessions: Mutex<HashMap<String, UserId>>,
}

struct Grant {
    user_id: UserId,
    redirect_uri: String,
    challenge: String,
    nonce: Option<String>,
    expires_at: Timestamp,
}

/// The issuer's routes.
pub fn router(origin: &str) -> Router<Arc<Control>> {
    let issuer = Arc::new(Issuer {
        origin: origin.to_owned(),
        codes: Mutex::default(),
        sessions: Mutex::default(),
    });
    Router::new()
        .route("/oidc/.well-known/openid-configuration", get(discovery))
        .route("/oidc/jwks", get(keys))
        .route("/oidc/authorize", get(choose).post(chosen))
        .route("/oidc/token", post(token))
        .route("/oidc/end-session", post(end_session))
        .layer(Extension(issuer))
}

async fn discovery(State(control): State<Arc<Control>>) -> Response {
    let issuer = control.tokens.issuer();
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "end_session_endpoint": format!("{issuer}/end-session"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["S256"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["openid"],
        "token_endpoint_auth_methods_supported": ["none"],
        "prompt_values_supported": ["create", "login", "none"],
    }))
    .into_response()
}

async fn keys(State(control): State<Arc<Control>>) -> Response {
    Json(control.tokens.key_set()).into_response()
}

/// What a page asks for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Asked {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    code_challenge: String,
    code_challenge_method: String,
    state: String,
    nonce: Option<String>,
    /// `create` asks for an account first, `none` for an answer without a page.
    prompt: Option<String>,
    /// The languages of the page that leads here, the wanted ones first.
    ui_locales: Option<String>,
}

impl Asked {
    /// The address to return to, when all is as it must be. An answer to any other would give the code away.
    fn check(&self, origin: &str) -> Result<Url, &'static str> {
        let redirect = Url::parse(&self.redirect_uri).map_err(|_| "redirect_uri is no URL")?;
        if redirect.origin().ascii_serialization() != origin || redirect.fragment().is_some() {
            return Err("redirect_uri is not on this stack");
        }
        if self.client_id != CLIENT_ID {
            return Err("unknown client_id");
        }
        if self.response_type != "code" {
            return Err("response_type must be code");
        }
        let challenge = URL_SAFE_NO_PAD.decode(&self.code_challenge).unwrap_or_default();
        if self.code_challenge_method != "S256" || challenge.len() != 32 {
            return Err("PKCE with S256 is required");
        }
        Ok(redirect)
    }

    /// What a form of the sign-in page brings back.
    fn fields(&self) -> Vec<(&'static str, &str)> {
        let mut fields = vec![
            ("response_type", self.response_type.as_str()),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("code_challenge", &self.code_challenge),
            ("code_challenge_method", &self.code_challenge_method),
            ("state", &self.state),
        ];
        fields.extend(self.nonce.as_deref().map(|nonce| ("nonce", nonce)));
        fields.extend(self.ui_locales.as_deref().map(|locales| ("ui_locales", locales)));
        fields
    }

    /// The texts in the first of `ui_locales` that there is, else in the browser's language.
    fn texts(&self, browser: Locale) -> Texts {
        let asked = self.ui_locales.as_deref().unwrap_or_default();
        let asked = asked.split(' ').find_map(Locale::of_language_tag);
        Texts::new(asked.unwrap_or(browser))
    }
}

/// A request for the sign-in page: by a page of the stack, or by its own form for finding somebody.
#[derive(Debug, Deserialize)]
struct SignInRequest {
    #[serde(flatten)]
    asked: Asked,
    #[serde(default)]
    find: String,
}

async fn choose(
    State(control): State<Arc<Control>>,
    Extension(issuer): Extension<Arc<Issuer>>,
    headers: HeaderMap,
    Query(request): Query<SignInRequest>,
    visitor: PageVisitor,
) -> Response {
    let t = request.asked.texts(visitor.language);
    match request.asked.check(&issuer.origin) {
        Ok(redirect) if request.asked.prompt.as_deref() == Some("none") => {
            let answer = match issuer.known(&headers) {
                Some(user_id) => ("code", issuer.grant(&control, user_id, &request.asked)),
                None => ("error", "login_required".to_owned()),
            };
            back(redirect, answer, &request.asked)
        }
        Ok(_) => {
            let find = request.find.trim();
            sign_in_page(t, &control, &request.asked, find, &Registration::default(), None).await
        }
        Err(reason) => impossible(t, reason),
    }
}

/// What was asked cannot be answered, and going back could lead anywhere.
fn impossible(t: Texts, reason: &str) -> Response {
    let notice = Notice {
        t,
        title: t.local_sign_in_impossible(),
        text: reason,
        link: None,
    };
    page(StatusCode::BAD_REQUEST, &notice)
}

/// The form's fields: what was asked for, and a person, known or new.
#[derive(Debug, Deserialize)]
struct Chosen {
    #[serde(flatten)]
    asked: Asked,
    user_id: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    reading: Option<String>,
    chatwork_id: Option<String>,
    organization: Option<String>,
    locale: Option<String>,
}

async fn chosen(
    State(control): State<Arc<Control>>,
    Extension(issuer): Extension<Arc<Issuer>>,
    visitor: PageVisitor,
    Form(chosen): Form<Chosen>,
) -> Response {
    let asked = chosen.asked;
    let t = asked.texts(visitor.language);
    let redirect = match asked.check(&issuer.origin) {
        Ok(redirect) => redirect,
        Err(reason) => return impossible(t, reason),
    };
    let registration = Registration {
        name: chosen.name,
        email: chosen.email,
        reading: chosen.reading,
        chatwork_id: chosen.chatwork_id,
        organization: chosen.organization,
        department: None,
        locale: chosen.locale,
    };
    let user_id = match chosen.user_id {
        Some(user_id) => UserId::parse(&user_id).map_err(|error| error.detail.to_owned()),
        None => {
            let registered = control.people.register(&registration).await;
            registered.map_err(|error| said(&error))
        }
    };
    let user_id = match user_id {
        Ok(user_id) => user_id,
        Err(reason) => {
            return sign_in_page(t, &control, &asked, "", &registration, Some(reason)).await;
        }
    };
    let code = issuer.grant(&control, user_id.clone(), &asked);
    let session = secret();
    let cookie = format!("{COOKIE}={session}; Path={PATH}; HttpOnly; SameSite=Lax");
    lock(&issuer.sessions).insert(session, user_id);
    ([(SET_COOKIE, cookie)], back(redirect, ("code", code), &asked)).into_response()
}

/// Ends what the browser is known by.
async fn end_session(Extension(issuer): Extension<Arc<Issuer>>, headers: HeaderMap) -> Response {
    if let Some(session) = session_of(&headers) {
        lock(&issuer.sessions).remove(session);
    }
    let cookie = format!("{COOKIE}=; Path={PATH}; HttpOnly; SameSite=Lax; Max-Age=0");
    (StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]).into_response()
}

impl Issuer {
    /// Who is signed in with a browser.
    fn known(&self, headers: &HeaderMap) -> Option<UserId> {
        lock(&self.sessions).get(session_of(headers)?).cloned()
    }

    /// A code for somebody.
    fn grant(&self, control: &Control, user_id: UserId, asked: &Asked) -> String {
        let code = secret();
        let now = control.clock.now();
        let grant = Grant {
            user_id,
            redirect_uri: asked.redirect_uri.clone(),
            challenge: asked.code_challenge.clone(),
            nonce: asked.nonce.clone(),
            expires_at: now + CODE_LIFETIME,
        };
        let mut codes = lock(&self.codes);
        codes.retain(|_, grant| grant.expires_at > now);
        codes.insert(code.clone(), grant);
        code
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn secret() -> String {
    let mut secret = [0; 32];
    SystemRandom.fill(&mut secret);
    URL_SAFE_NO_PAD.encode(secret)
}

fn session_of(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get(COOKIE_HEADER)?.to_str().ok()?;
    cookies
        .split("; ")
        .find_map(|cookie| cookie.strip_prefix(COOKIE)?.strip_prefix('='))
}

/// Back to the page, with an answer and what it is the answer to.
fn back(mut redirect: Url, (name, value): (&str, String), asked: &Asked) -> Response {
    redirect
        .query_pairs_mut()
        .append_pair(name, &value)
        .append_pair("state", &asked.state);
    Redirect::to(redirect.as_str()).into_response()
}

fn said(error: &RegistrationError) -> String {
    match error.errors().as_slice() {
        [] => error.to_string(),
        errors => {
            let said = errors
                .iter()
                .map(|error| format!("{}: {}", error.pointer.trim_start_matches('/'), error.detail));
            said.collect::<Vec<_>>().join("; ")
        }
    }
}

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignIn<'a> {
    t: Texts,
    action: String,
    asked: &'a Asked,
    /// Whether the form for somebody new is first.
    new_first: bool,
    alert: Option<String>,
    find: &'a str,
    people: &'a [Person],
    /// How many are found in all.
    found: usize,
    typed: &'a Registration,
}

impl SignIn<'_> {
    fn said_of_found(&self) -> String {
        let number = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
        let (found, shown) = (number(self.found), number(self.people.len()));
        match found {
            0 => self.t.local_sign_in_nobody().to_owned(),
            _ if found > shown => self.t.local_sign_in_some(found, shown),
            _ => self.t.local_sign_in_count(found),
        }
    }
}

async fn sign_in_page(
    t: Texts,
    control: &Control,
    asked: &Asked,
    find: &str,
    typed: &Registration,
    alert: Option<String>,
) -> Response {
    let people = control.people.matching(find).await.unwrap_or_default();
    let status = match alert {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let template = SignIn {
        t,
        action: format!("{PATH}/authorize"),
        asked,
        new_first: alert.is_some() || asked.prompt.as_deref() == Some("create"),
        alert,
        find,
        found: people.len(),
        people: people.get(..SHOWN).unwrap_or(&people),
        typed,
    };
    page(status, &template)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Redeemed {
    grant_type: String,
    code: String,
    redirect_uri: String,
    client_id: String,
    code_verifier: String,
}

async fn token(
    State(control): State<Arc<Control>>,
    Extension(issuer): Extension<Arc<Issuer>>,
    Form(redeemed): Form<Redeemed>,
) -> Response {
    if redeemed.grant_type != "authorization_code" {
        return refused("unsupported_grant_type");
    }
    // A code is gone once it was shown, whether it was good or not.
    let grant = lock(&issuer.codes).remove(&redeemed.code);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&redeemed.code_verifier));
    let grant = grant.filter(|grant| {
        grant.expires_at > control.clock.now()
            && grant.redirect_uri == redeemed.redirect_uri
            && grant.challenge == challenge
            && redeemed.client_id == CLIENT_ID
    });
    let Some(grant) = grant else {
        return refused("invalid_grant");
    };
    let id_token = control.tokens.issue_id_token(&grant.user_id, grant.nonce.as_deref());
    let (Ok(access_token), Ok(id_token)) = (control.tokens.issue(&grant.user_id), id_token) else {
        return refused("server_error");
    };
    Json(json!({
        "access_token": access_token,
        "id_token": id_token,
        "token_type": "Bearer",
        "expires_in": control.tokens.lifetime(),
    }))
    .into_response()
}

fn refused(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(redirect_uri: &str) -> Asked {
        Asked {
            response_type: "code".to_owned(),
            client_id: CLIENT_ID.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            code_challenge: URL_SAFE_NO_PAD.encode([7; 32]),
            code_challenge_method: "S256".to_owned(),
            state: "s".to_owned(),
            nonce: None,
            prompt: None,
            ui_locales: None,
        }
    }

    const ORIGIN: &str = "http://127.0.0.1:3000";

    #[test]
    fn codes_go_to_this_stack_only() {
        for good in ["http://127.0.0.1:3000/", "http://127.0.0.1:3000/i/abc?x=1"] {
            assert!(asked(good).check(ORIGIN).is_ok(), "{good}");
        }
        for bad in [
            "",
            "/i/abc",
            "//127.0.0.1:3000/",
            "https://127.0.0.1:3000/",
            "http://127.0.0.1:3001/",
            "http://127.0.0.1:3000@evil.example/",
            "http://127.0.0.1.evil.example:3000/",
            "http://evil.example/?http://127.0.0.1:3000/",
            "http://127.0.0.1:3000/#x",
            "javascript:alert(1)",
        ] {
            assert!(asked(bad).check(ORIGIN).is_err(), "{bad}");
        }
    }

    #[test]
    fn pkce_and_the_code_flow_are_required() {
        let good = asked("http://127.0.0.1:3000/");
        for bad in [
            Asked {
                response_type: "token".to_owned(),
                ..good.clone()
            },
            Asked {
                client_id: "other".to_owned(),
                ..good.clone()
            },
            Asked {
                code_challenge_method: "plain".to_owned(),
                ..good.clone()
            },
            Asked {
                code_challenge: String::new(),
                ..good.clone()
            },
        ] {
            assert!(bad.check(ORIGIN).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a20_the_page_that_leads_here_says_the_language_before_the_browser() {
        for (ui_locales, expected) in [
            (None, "ja"),
            (Some("en"), "en"),
            (Some("en-GB ja"), "en"),
            (Some("fr JA-jp en"), "ja"),
            (Some("fr"), "ja"),
            (Some(""), "ja"),
        ] {
            let asked = Asked {
                ui_locales: ui_locales.map(str::to_owned),
                ..asked("http://127.0.0.1:3000/")
            };
            assert_eq!(asked.texts(Locale::Ja).tag(), expected, "{ui_locales:?}");
            let kept = asked.fields().into_iter().find(|(name, _)| *name == "ui_locales");
            assert_eq!(kept.map(|(_, locales)| locales), ui_locales);
        }
    }

    #[test]
    fn what_was_asked_and_typed_is_escaped() {
        let evil = "\"><script>".to_owned();
        let asked = Asked {
            state: evil.clone(),
            nonce: Some(evil.clone()),
            ui_locales: Some(evil.clone()),
            ..asked("http://127.0.0.1:3000/")
        };
        let person = Person {
            user_id: UserId::parse("a").unwrap(),
            name: evil.clone(),
            email: evil.clone(),
            organization: Some(evil.clone()),
        };
        let typed = Registration {
            name: evil.clone(),
            email: evil.clone(),
            reading: Some(evil.clone()),
            ..Registration::default()
        };
        for new_first in [true, false] {
            let page = SignIn {
                t: Texts::new(Locale::En),
                action: PATH.to_owned(),
                asked: &asked,
                new_first,
                alert: Some(evil.clone()),
                find: &evil,
                people: std::slice::from_ref(&person),
                found: 1,
                typed: &typed,
            };
            let html = page.render().unwrap();
            assert!(!html.contains("<script>"), "{html}");
            assert_eq!(
                html.find("As a new user") < html.find("As a registered user"),
                new_first
            );
        }
    }
}
