//! Sign-in tokens: made by the development issuer, checked by the gateway.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use contacts::{Clock as _, UserId};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};
use rsa::{RsaPrivateKey, pkcs1::EncodeRsaPrivateKey as _};
use serde_json::{Map, Value, json};

use crate::{clock::StackClock, folder::secret_file, start_error::StartError};

/// The client that the issuer knows, and the audience of its tokens.
pub const CLIENT_ID: &str = "contacts-local";

/// An hour.
const LIFETIME_SECONDS: i64 = 3_600;

/// How far the clocks of issuer and gateway may differ.
const LEEWAY_SECONDS: f64 = 60.0;

/// The issuer's key, and what stands in its tokens.
#[derive(Clone)]
pub struct Tokens(Arc<Inner>);

struct Inner {
    issuer: String,
    clock: Arc<StackClock>,
    kid: String,
    jwk: Jwk,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused(pub &'static str);

impl Tokens {
    /// Takes the key of the file, or makes one; without a file, makes one for this run.
    ///
    /// # Errors
    /// `Damaged` when the file holds no key.
    pub fn open(file: Option<&Path>, issuer: String, clock: Arc<StackClock>) -> Result<Self, StartError> {
        let path = file.unwrap_or(Path::new(":memory:"));
        let damaged = |reason: String| StartError::Damaged {
            path: path.to_owned(),
            reason,
        };
        let der = match file {
            Some(file) => secret_file(file, new_key).map_err(|error| damaged(error.to_string()))?,
            None => new_key(),
        };
        let encoding = EncodingKey::from_rsa_der(&der);
        let jwk = Jwk::from_encoding_key(&encoding, Algorithm::RS256);
        let mut jwk = jwk.map_err(|_| damaged("not an RSA private key".to_owned()))?;
        let kid = jwk
            .thumbprint(ThumbprintHash::SHA256)
            .map_err(|error| damaged(error.to_string()))?;
        jwk.common.key_id = Some(kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        let decoding = DecodingKey::from_jwk(&jwk).map_err(|error| damaged(error.to_string()))?;
        Ok(Self(Arc::new(Inner {
            issuer,
            clock,
            kid,
            jwk,
            encoding,
            decoding,
        })))
    }

    /// The issuer's address.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// The public key, as the issuer publishes it.
    pub fn key_set(&self) -> Value {
        json!({"keys": [self.0.jwk]})
    }

    /// Seconds that a token is good for.
    pub fn lifetime(&self) -> i64 {
        LIFETIME_SECONDS
    }

    /// An access token for an hour of the stack's clock. `None` only when the key cannot sign.
    pub fn issue(&self, user_id: &UserId) -> Option<String> {
        self.sign(
            user_id,
            json!({"client_id": CLIENT_ID, "token_use": "access", "scope": "openid"}),
        )
    }

    /// The token that tells the page who signed in.
    pub fn issue_id_token(&self, user_id: &UserId, nonce: Option<&str>) -> Option<String> {
        self.sign(user_id, json!({"token_use": "id", "nonce": nonce}))
    }

    fn sign(&self, user_id: &UserId, mut claims: Value) -> Option<String> {
        let now = self.0.clock.now().unix_seconds();
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.0.kid.clone());
        let common = json!({
            "iss": self.0.issuer,
            "sub": user_id,
            "aud": CLIENT_ID,
            "iat": now,
            "auth_time": now,
            "exp": now + LIFETIME_SECONDS,
        });
        claims.as_object_mut()?.extend(common.as_object()?.clone());
        jsonwebtoken::encode(&header, &claims, &self.0.encoding).ok()
    }

    /// The claims of a token, checked as API Gateway's JWT authoriser does.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn verify(&self, token: &str) -> Result<Map<String, Value>, Refused> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| Refused("the token is malformed"))?;
        if header.alg != Algorithm::RS256 || header.kid.as_ref() != Some(&self.0.kid) {
            return Err(Refused("signature method is invalid"));
        }
        let mut validation = Validation::new(Algorithm::RS256);
        // Times and audience are checked below: by the stack's clock, and by Cognito's rule.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let token = jsonwebtoken::decode::<Map<String, Value>>(token, &self.0.decoding, &validation);
        let claims = token.map_err(|_| Refused("signature verification failed"))?.claims;
        self.check(&claims)?;
        Ok(claims)
    }

    fn check(&self, claims: &Map<String, Value>) -> Result<(), Refused> {
        let now = self.0.clock.now().unix_milliseconds() as f64 / 1000.0;
        if claims.get("iss").and_then(Value::as_str) != Some(&self.0.issuer) {
            return Err(Refused("the iss claim does not match"));
        }
        let audience = claims.get("aud").or_else(|| claims.get("client_id"));
        let ours = match audience {
            Some(Value::String(audience)) => audience == CLIENT_ID,
            Some(Value::Array(audiences)) => audiences.contains(&json!(CLIENT_ID)),
            _ => false,
        };
        if !ours {
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
pub fn claims_as_text(claims: &Map<String, Value>) -> BTreeMap<String, String> {
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

fn new_key() -> Vec<u8> {
    let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2_048).ok();
    key.and_then(|key| key.to_pkcs1_der().ok())
        .map(|der| der.as_bytes().to_vec())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
