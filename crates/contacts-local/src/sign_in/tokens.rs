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
use serde::Serialize;
use serde_json::{Value, json};

use crate::stack::folder::secret_file;

/// The client that the issuer knows, and the audience of its tokens.
pub const CLIENT_ID: &str = "contacts-local";

/// An hour.
const LIFETIME_SECONDS: i64 = 3_600;

/// The issuer's key, and what is in its tokens.
#[derive(Clone)]
pub struct Tokens(Arc<Inner>);

struct Inner {
    issuer: String,
    clock: Arc<Clock>,
    kid: String,
    jwk: Jwk,
    encoding: EncodingKey,
}

/// The claims of both kinds of token, and those of one.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a UserId,
    aud: &'a str,
    iat: i64,
    auth_time: i64,
    exp: i64,
    #[serde(flatten)]
    own: Value,
}

/// The key makes no token.
#[derive(Debug, thiserror::Error)]
#[error("the key cannot sign")]
pub struct CannotSign(#[from] Error);

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

    /// An access token for an hour of the stack's clock.
    ///
    /// # Errors
    /// When the key cannot sign.
    pub fn issue(&self, user_id: &UserId) -> Result<String, CannotSign> {
        self.sign(
            user_id,
            json!({"client_id": CLIENT_ID, "token_use": "access", "scope": "openid"}),
        )
    }

    /// The token that tells the page who signed in.
    ///
    /// # Errors
    /// When the key cannot sign.
    pub fn issue_id_token(&self, user_id: &UserId, nonce: Option<&str>) -> Result<String, CannotSign> {
        self.sign(user_id, json!({"token_use": "id", "nonce": nonce}))
    }

    fn sign(&self, user_id: &UserId, own: Value) -> Result<String, CannotSign> {
        let now = self.0.clock.now().unix_seconds();
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.0.kid.clone());
        let claims = Claims {
            iss: &self.0.issuer,
            sub: user_id,
            aud: CLIENT_ID,
            iat: now,
            auth_time: now,
            exp: now + LIFETIME_SECONDS,
            own,
        };
        Ok(jsonwebtoken::encode(&header, &claims, &self.0.encoding)?)
    }
}

fn new_key() -> Vec<u8> {
    let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2_048).ok();
    key.and_then(|key| key.to_pkcs1_der().ok())
        .map(|der| der.as_bytes().to_vec())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn tokens() -> (Tokens, Arc<Clock>) {
        let clock = Arc::new(Clock::open(None).unwrap());
        (
            Tokens::open(None, "http://issuer".to_owned(), clock.clone()).unwrap(),
            clock,
        )
    }

    #[test]
    fn the_gateway_takes_both_tokens_for_an_hour() {
        let (tokens, clock) = tokens();
        let authorizer = tokens.authorizer().unwrap();
        let user = UserId::parse("aiko").unwrap();
        let access = tokens.issue(&user).unwrap();
        let id = tokens.issue_id_token(&user, Some("n")).unwrap();
        assert_eq!(authorizer.verify(&access).unwrap()["client_id"], CLIENT_ID);
        let claims = authorizer.verify(&id).unwrap();
        assert_eq!((&claims["sub"], &claims["nonce"]), (&json!("aiko"), &json!("n")));
        assert_eq!(
            claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
            LIFETIME_SECONDS
        );
        clock.advance(Duration::from_secs(3_670)).unwrap();
        assert!(authorizer.verify(&access).is_err());
    }

    #[test]
    fn another_key_is_another_issuer() {
        let (tokens, _) = tokens();
        let foreign = self::tokens().0.issue(&UserId::parse("aiko").unwrap()).unwrap();
        assert!(tokens.authorizer().unwrap().verify(&foreign).is_err());
    }
}
