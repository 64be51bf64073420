//! The development sign-in: an OpenID Connect issuer where one picks who to be. Never part of a function.
//!
//! Code flow with PKCE only, for pages of this stack only.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Extension, Form, Json, Router,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use contacts::{Clock as _, Random as _, Timestamp, UserId};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use url::Url;

use contacts_runtime::system::SystemRandom;

use crate::{
    control::Control,
    html::{escape, page},
    people::Registration,
    problem::Problem,
    tokens::CLIENT_ID,
};

/// Where the issuer is.
pub const PATH: &str = "/_local/oidc";

/// How long a code may be redeemed.
const CODE_LIFETIME: std::time::Duration = std::time::Duration::from_secs(300);

/// People that the page shows.
const SHOWN: usize = 60;

struct Issuer {
    origin: String,
    codes: Mutex<HashMap<String, Grant>>,
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
    });
    Router::new()
        .route("/oidc/.well-known/openid-configuration", get(discovery))
        .route("/oidc/jwks", get(keys))
        .route("/oidc/authorize", get(choose).post(chosen))
        .route("/oidc/token", post(token))
        .layer(Extension(issuer))
}

async fn discovery(State(control): State<Arc<Control>>) -> Response {
    let issuer = control.tokens.issuer();
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["S256"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["openid"],
        "token_endpoint_auth_methods_supported": ["none"],
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

    fn hidden(&self) -> String {
        let fields = [
            ("response_type", &self.response_type),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("code_challenge", &self.code_challenge),
            ("code_challenge_method", &self.code_challenge_method),
            ("state", &self.state),
        ];
        let nonce = self.nonce.as_ref().map(|nonce| ("nonce", nonce));
        let input = |(name, value): (&str, &String)| {
            format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value))
        };
        fields.into_iter().chain(nonce).map(input).collect()
    }
}

async fn choose(
    State(control): State<Arc<Control>>,
    Extension(issuer): Extension<Arc<Issuer>>,
    Query(asked): Query<Asked>,
) -> Response {
    match asked.check(&issuer.origin) {
        Ok(_) => sign_in_page(&control, &asked, StatusCode::OK, "").await,
        Err(reason) => page(
            StatusCode::BAD_REQUEST,
            "Sign in",
            &format!("<p>{}</p>", escape(reason)),
        ),
    }
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
    Form(chosen): Form<Chosen>,
) -> Response {
    let asked = chosen.asked;
    let mut redirect = match asked.check(&issuer.origin) {
        Ok(redirect) => redirect,
        Err(reason) => {
            return page(
                StatusCode::BAD_REQUEST,
                "Sign in",
                &format!("<p>{}</p>", escape(reason)),
            );
        }
    };
    let user_id = match chosen.user_id {
        Some(user_id) => UserId::parse(&user_id).map_err(|error| error.detail.to_owned()),
        None => {
            let registration = Registration {
                name: chosen.name,
                email: chosen.email,
                reading: chosen.reading,
                chatwork_id: chosen.chatwork_id,
                organization: chosen.organization,
                department: None,
                locale: chosen.locale,
            };
            control
                .people
                .register(&registration)
                .await
                .map_err(|problem| said(&problem))
        }
    };
    let user_id = match user_id {
        Ok(user_id) => user_id,
        Err(reason) => {
            let reason = format!("<p role=\"alert\">{}</p>", escape(&reason));
            return sign_in_page(&control, &asked, StatusCode::UNPROCESSABLE_ENTITY, &reason).await;
        }
    };
    let mut secret = [0; 32];
    SystemRandom.fill(&mut secret);
    let code = URL_SAFE_NO_PAD.encode(secret);
    let now = control.clock.now();
    let grant = Grant {
        user_id,
        redirect_uri: asked.redirect_uri,
        challenge: asked.code_challenge,
        nonce: asked.nonce,
        expires_at: now + CODE_LIFETIME,
    };
    let mut codes = issuer.codes.lock().unwrap_or_else(PoisonError::into_inner);
    codes.retain(|_, grant| grant.expires_at > now);
    codes.insert(code.clone(), grant);
    redirect
        .query_pairs_mut()
        .append_pair("code", &code)
        .append_pair("state", &asked.state);
    Redirect::to(redirect.as_str()).into_response()
}

fn said(problem: &Problem) -> String {
    match problem.errors.as_slice() {
        [] => problem.detail.clone(),
        faults => {
            let said = faults
                .iter()
                .map(|fault| format!("{}: {}", fault.pointer.trim_start_matches('/'), fault.detail));
            said.collect::<Vec<_>>().join("; ")
        }
    }
}

async fn sign_in_page(control: &Control, asked: &Asked, status: StatusCode, notice: &str) -> Response {
    let people = control.people.list(SHOWN).await.unwrap_or_default();
    let hidden = asked.hidden();
    let buttons: String = people
        .iter()
        .map(|person| {
            let organization = person.organization.as_deref().unwrap_or_default();
            format!(
                "<li><button name=\"user_id\" value=\"{}\">{}</button> {} {}</li>",
                escape(person.user_id.as_str()),
                escape(&person.name),
                escape(&person.email),
                escape(organization),
            )
        })
        .collect();
    let field = |name: &str, label: &str, more: &str| format!("<label>{label} <input name=\"{name}\" {more}></label>");
    let fields = [
        field("name", "Name", "required"),
        field("email", "E-mail address", "type=\"email\" required"),
        field("reading", "Reading (kana)", ""),
        field("chatwork_id", "Chatwork ID", ""),
        field("organization", "Organisation", ""),
        field("locale", "Language: ja or en", "value=\"ja\" pattern=\"ja|en\""),
    ]
    .concat();
    let body = format!(
        "{notice}<p>The development sign-in of the local stack: nobody has a password.</p>\
         <h2>As somebody registered</h2><form method=\"post\" action=\"{PATH}/authorize\">{hidden}<ul>{buttons}</ul></form>\
         <h2>As somebody new</h2><form method=\"post\" action=\"{PATH}/authorize\">{hidden}{fields}\
         <button>Register and sign in</button></form>"
    );
    page(status, "Sign in", &body)
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
    let grant = issuer
        .codes
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .remove(&redeemed.code);
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
    let (Ok(access_token), Some(id_token)) = (control.people.token(&grant.user_id), id_token) else {
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
    fn what_was_asked_is_escaped() {
        let evil = Asked {
            state: "\"><script>".to_owned(),
            ..asked("http://127.0.0.1:3000/")
        };
        assert!(!evil.hidden().contains("<script>"));
    }
}
