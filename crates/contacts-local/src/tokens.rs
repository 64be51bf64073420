//! Sign-in tokens of the development issuer.

use std::{path::Path, sync::Arc};

use contacts::UserId;
use jsonwebtoken::{
    Algorithm, EncodingKey, Header,
    errors::Error,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};
use local_aws::{clock::Clock, file::Damaged, gateway::Authorizer};
use rsa::{RsaPrivateKey, pkcs1::EncodeRsaPrivateKey as _};
use serde_json::{Value, json};

use crate::folder::secret_file;

/// The client that the issuer knows, and the audience of its tokens.
pub const CLIENT_ID: &str = "contacts-local";

/// An hour.
const LIFETIME_SECONDS: i64 = 3_600;

/// The issuer's key, and what stands in its tokens.
#[derive(Clone)]
pub struct Tokens(Arc<Inner>);

struct Inner {
    issuer: String,
    clock: Arc<Clock>,
    kid: String,
    jwk: Jwk,
    encoding: EncodingKey,
}

impl Tokens {
    /// Takes the key of the file, or makes one; without a file, makes one for this run.
    ///
    /// # Errors
    /// When the file holds no key.
    pub fn open(file: Option<&Path>, issuer: String, clock: Arc<Clock>) -> Result<Self, Damaged> {
        let der = match file {
            Some(path) => secret_file(path, new_key).map_err(|error| Damaged::new(file, error))?,
            None => new_key(),
        };
        let encoding = EncodingKey::from_rsa_der(&der);
        let jwk = Jwk::from_encoding_key(&encoding, Algorithm::RS256);
        let mut jwk = jwk.map_err(|_| Damaged::new(file, "not an RSA private key"))?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256);
        let kid = kid.map_err(|error| Damaged::new(file, error))?;
        jwk.common.key_id = Some(kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self(Arc::new(Inner {
            issuer,
            clock,
            kid,
            jwk,
            encoding,
        })))
    }

    /// The issuer's address.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// What checks the tokens.
    ///
    /// # Errors
    /// When the key is none.
    pub fn authorizer(&self) -> Result<Authorizer, Error> {
        let Inner { issuer, jwk, clock, .. } = &*self.0;
        Authorizer::new(issuer.clone(), CLIENT_ID.to_owned(), jwk, clock.clone())
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
}

fn new_key() -> Vec<u8> {
    let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2_048).ok();
    key.and_then(|key| key.to_pkcs1_der().ok())
        .map(|der| der.as_bytes().to_vec())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
