//! Who is calling.

use std::collections::HashMap;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use contacts::UserId;
use lambda_http::{RequestExt as _, request::RequestContext};

use crate::{Api, Problem};

/// Seconds that clocks may differ.
const LEEWAY: i64 = 60;

/// Whose tokens are good.
#[derive(Debug, Clone)]
pub struct TokenRules {
    /// `iss`.
    pub issuer: String,
    /// `aud`, or `client_id` where there is no `aud`, as in Cognito's access tokens.
    pub audience: String,
    /// The claim that says who it is: `sub`, unless the deployment says otherwise.
    pub user_id_claim: String,
}

/// The user whose token came with the request.
///
/// The gateway's authoriser has checked the token. Its claims are checked again, all but the
/// signature, so that a route whose authoriser is missing is closed and not open.
#[derive(Debug, Clone)]
pub struct Caller(pub UserId);

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    Api: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let api = Api::from_ref(state);
        let claims = match parts.request_context_ref() {
            Some(RequestContext::ApiGatewayV2(context)) => context
                .authorizer
                .as_ref()
                .and_then(|authorizer| authorizer.jwt.as_ref())
                .map(|jwt| &jwt.claims),
            _ => None,
        };
        let claims = claims.ok_or_else(Problem::unauthorized)?;
        caller(claims, &api.tokens, api.store.now().unix_seconds())
            .ok_or_else(Problem::unauthorized)
            .map(Self)
    }
}

fn caller(claims: &HashMap<String, String>, rules: &TokenRules, now: i64) -> Option<UserId> {
    let claim = |name: &str| claims.get(name).map(String::as_str);
    // A number that is not an integer, or none at all, is no expiry.
    let expires: i64 = claim("exp")?.parse().ok()?;
    let audience = claim("aud").or_else(|| claim("client_id"))?;
    let good =
        claim("iss")? == rules.issuer && is_audience(audience, &rules.audience) && now < expires.saturating_add(LEEWAY);
    good.then(|| UserId::parse(claim(&rules.user_id_claim)?).ok()).flatten()
}

/// The gateway writes an `aud` that is a list as `[a b]`.
fn is_audience(claim: &str, audience: &str) -> bool {
    match claim.strip_prefix('[').and_then(|list| list.strip_suffix(']')) {
        Some(list) => list.split([' ', ',']).any(|one| one == audience),
        None => claim == audience,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> TokenRules {
        TokenRules {
            issuer: "https://issuer.example".into(),
            audience: "app".into(),
            user_id_claim: "sub".into(),
        }
    }

    fn good() -> HashMap<String, String> {
        [
            ("iss", "https://issuer.example"),
            ("aud", "app"),
            ("exp", "1000"),
            ("sub", "aiko"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    #[test]
    fn claims_are_checked_again() {
        let now = |claims: &HashMap<String, String>| caller(claims, &rules(), 900).map(|user| user.to_string());
        assert_eq!(now(&good()).as_deref(), Some("aiko"));
        for (name, value) in [
            ("iss", "https://evil.example"),
            ("iss", "https://issuer.example/"),
            ("aud", "other"),
            ("aud", "[other]"),
            ("exp", "840"),
            ("exp", "soon"),
            ("exp", "9e9"),
            ("exp", ""),
            ("sub", ""),
            ("sub", "a#b"),
            ("sub", "a b"),
        ] {
            let mut claims = good();
            claims.insert(name.to_owned(), value.to_owned());
            assert_eq!(now(&claims), None, "{name} = {value}");
        }
        for name in ["iss", "aud", "exp", "sub"] {
            let mut claims = good();
            claims.remove(name);
            assert_eq!(now(&claims), None, "without {name}");
        }
    }

    #[test]
    fn an_access_token_of_cognito_has_a_client_id() {
        let mut claims = good();
        claims.remove("aud");
        claims.insert("client_id".to_owned(), "app".to_owned());
        assert!(caller(&claims, &rules(), 1_059).is_some(), "with 60 seconds of leeway");
        assert!(caller(&claims, &rules(), 1_060).is_none());
        claims.insert("aud".to_owned(), "other".to_owned());
        assert!(caller(&claims, &rules(), 0).is_none(), "aud goes first");
    }

    #[test]
    fn an_audience_may_be_a_list() {
        assert!(is_audience("[other app]", "app") && is_audience("[app]", "app"));
        assert!(!is_audience("[]", "app") && !is_audience("[application]", "app"));
    }
}
