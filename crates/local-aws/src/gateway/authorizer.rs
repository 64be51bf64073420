//! The JWT authoriser of the HTTP API: checks tokens as API Gateway's does.

use std::{collections::BTreeMap, sync::Arc};

use jsonwebtoken::{Algorithm, DecodingKey, Validation, errors::Error, jwk::Jwk};
use serde_json::{Map, Value};

use crate::clock::Clock;

/// How far the clocks of issuer and gateway may differ.
const LEEWAY_SECONDS: f64 = 60.0;

/// Checks the tokens of one issuer for one audience.
pub struct Authorizer {
    issuer: String,
    audience: String,
    kid: Option<String>,
    key: DecodingKey,
    clock: Arc<Clock>,
}

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(&'static str);

impl Authorizer {
    /// With the issuer's public key, which is for RS256.
    ///
    /// # Errors
    /// When the key is none.
    pub fn new(issuer: String, audience: String, key: &Jwk, clock: Arc<Clock>) -> Result<Self, Error> {
        Ok(Self {
            issuer,
            audience,
            kid: key.common.key_id.clone(),
            key: DecodingKey::from_jwk(key)?,
            clock,
        })
    }

    /// The claims of a token.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn verify(&self, token: &str) -> Result<Map<String, Value>, Refused> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| Refused("the token is malformed"))?;
        if header.alg != Algorithm::RS256 || header.kid != self.kid {
            return Err(Refused("signature method is invalid"));
        }
        let mut validation = Validation::new(Algorithm::RS256);
        // Times and audience are checked below: by the clock here, and by Cognito's rule.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let token = jsonwebtoken::decode::<Map<String, Value>>(token, &self.key, &validation);
        let claims = token.map_err(|_| Refused("signature verification failed"))?.claims;
        self.check(&claims)?;
        Ok(claims)
    }

    fn check(&self, claims: &Map<String, Value>) -> Result<(), Refused> {
        let now = self.clock.now().unix_milliseconds() as f64 / 1000.0;
        if claims.get("iss").and_then(Value::as_str) != Some(&self.issuer) {
            return Err(Refused("the iss claim does not match"));
        }
        let audience = claims.get("aud").or_else(|| claims.get("client_id"));
        let is_for_us = match audience {
            Some(Value::String(audience)) => *audience == self.audience,
            Some(Value::Array(audiences)) => audiences
                .iter()
                .any(|audience| audience.as_str() == Some(&self.audience)),
            _ => false,
        };
        if !is_for_us {
            return Err(Refused("invalid audience"));
        }
        let Some(expires) = claims.get("exp").and_then(Value::as_f64) else {
            return Err(Refused("the exp claim is missing"));
        };
        if expires + LEEWAY_SECONDS < now {
            return Err(Refused("the token has expired"));
        }
        let early = |claim: &str| {
            claims
                .get(claim)
                .and_then(Value::as_f64)
                .is_some_and(|time| time > now + LEEWAY_SECONDS)
        };
        if early("nbf") || early("iat") {
            return Err(Refused("the token is not valid yet"));
        }
        Ok(())
    }
}

/// Claims as the gateway hands them on: every value a text.
pub(super) fn claims_as_text(claims: &Map<String, Value>) -> BTreeMap<String, String> {
    claims
        .iter()
        .map(|(name, value)| (name.clone(), as_text(value)))
        .collect()
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(as_text).collect::<Vec<_>>().join(" ")),
        other => other.to_string(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use jsonwebtoken::{EncodingKey, Header};
    use rsa::{RsaPrivateKey, pkcs1::EncodeRsaPrivateKey as _};
    use serde_json::json;

    use super::*;

    /// An issuer with a key of its own.
    pub(in crate::gateway) struct Issuer {
        key: EncodingKey,
        jwk: Jwk,
        clock: Arc<Clock>,
    }

    impl Issuer {
        pub(in crate::gateway) fn new(clock: Arc<Clock>) -> Self {
            let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2_048).unwrap();
            let key = EncodingKey::from_rsa_der(key.to_pkcs1_der().unwrap().as_bytes());
            let mut jwk = Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap();
            jwk.common.key_id = Some("1".to_owned());
            Self { key, jwk, clock }
        }

        pub(in crate::gateway) fn authorizer(&self) -> Authorizer {
            let issuer = "http://issuer".to_owned();
            Authorizer::new(issuer, "client".to_owned(), &self.jwk, self.clock.clone()).unwrap()
        }

        pub(in crate::gateway) fn sign(&self, claims: &Value) -> String {
            let mut header = Header::new(Algorithm::RS256);
            header.kid = self.jwk.common.key_id.clone();
            jsonwebtoken::encode(&header, claims, &self.key).unwrap()
        }

        /// A token for an hour.
        pub(in crate::gateway) fn token(&self) -> String {
            self.sign(&self.claims())
        }

        fn claims(&self) -> Value {
            let now = self.clock.now().unix_seconds();
            json!({"iss": "http://issuer", "sub": "somebody", "aud": "client", "iat": now, "exp": now + 3_600})
        }
    }

    fn issuer() -> Issuer {
        Issuer::new(Arc::new(Clock::open(None).unwrap()))
    }

    #[test]
    fn a_token_is_good_until_it_expires_and_the_leeway() {
        let issuer = issuer();
        let (authorizer, token) = (issuer.authorizer(), issuer.token());
        assert_eq!(authorizer.verify(&token).unwrap()["sub"], "somebody");
        issuer.clock.advance(Duration::from_secs(3_630)).unwrap();
        assert!(authorizer.verify(&token).is_ok());
        issuer.clock.advance(Duration::from_secs(40)).unwrap();
        assert_eq!(authorizer.verify(&token), Err(Refused("the token has expired")));
    }

    #[test]
    fn tokens_of_others_are_refused() {
        let issuer = issuer();
        let authorizer = issuer.authorizer();
        assert!(authorizer.verify(&self::issuer().token()).is_err(), "another key");
        for (claim, value) in [
            ("iss", json!("http://other")),
            ("aud", json!("another-client")),
            ("aud", json!(["another-client"])),
            ("aud", json!(7)),
            ("exp", json!(1)),
            ("exp", json!("soon")),
            ("nbf", json!(99_999_999_999_u64)),
        ] {
            let mut wrong = issuer.claims();
            wrong[claim] = value.clone();
            assert!(authorizer.verify(&issuer.sign(&wrong)).is_err(), "{claim}: {value}");
        }
        let mut claims = issuer.claims();
        claims["aud"] = json!(["another-client", "client"]);
        assert!(authorizer.verify(&issuer.sign(&claims)).is_ok(), "one of several");
        claims.as_object_mut().unwrap().remove("aud");
        claims["client_id"] = json!("client");
        assert!(
            authorizer.verify(&issuer.sign(&claims)).is_ok(),
            "Cognito: client_id in place of aud"
        );
        claims["client_id"] = json!("another-client");
        assert!(authorizer.verify(&issuer.sign(&claims)).is_err());
    }

    #[test]
    fn broken_tokens_are_refused() {
        let issuer = issuer();
        let (authorizer, good) = (issuer.authorizer(), issuer.token());
        let parts: Vec<_> = good.split('.').collect();
        let none = "eyJhbGciOiJub25lIn0";
        for bad in [
            String::new(),
            "a.b.c".to_owned(),
            good[..good.len() - 4].to_owned(),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{none}.{}.", parts[1]),
            format!("{}.{}.{}", parts[0], parts[2], parts[2]),
            format!("{good}.x"),
        ] {
            assert!(authorizer.verify(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn claims_are_handed_on_as_text() {
        let claims = json!({"a": "x", "b": 1, "c": true, "d": ["x", 1]});
        let text = claims_as_text(claims.as_object().unwrap());
        assert_eq!(text.values().collect::<Vec<_>>(), ["x", "1", "true", "[x 1]"]);
    }
}
