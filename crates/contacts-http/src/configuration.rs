//! Configuration that every function with signed-in callers reads.

use contacts_dynamodb::Store;
use contacts_runtime::Configuration;

use crate::{Api, api::AvatarOrigins, caller::TokenRules};
use contacts_runtime::configuration::StoreConfiguration;

/// `TABLE_NAME` and what else the store needs, `TOKEN_ISSUER`, `TOKEN_AUDIENCE`, `USER_ID_CLAIM`, `AVATAR_ORIGINS`.
#[derive(Debug, Clone)]
pub struct ApiConfiguration {
    /// What the store needs.
    pub store: StoreConfiguration,
    /// Whose tokens are good.
    pub tokens: TokenRules,
    /// Where pictures may come from.
    pub avatars: AvatarOrigins,
}

impl ApiConfiguration {
    /// Reads it.
    pub fn read(configuration: &mut Configuration<'_>) -> Option<Self> {
        let store = StoreConfiguration::read(configuration);
        let issuer = configuration.text("TOKEN_ISSUER", "the issuer of sign-in tokens");
        let audience = configuration.text("TOKEN_AUDIENCE", "the audience of sign-in tokens");
        let claim = configuration.optional("USER_ID_CLAIM", "the name of a claim", |text| Some(text.to_owned()));
        let avatars = configuration.optional("AVATAR_ORIGINS", "origins, with commas between", AvatarOrigins::parse);
        let tokens = TokenRules {
            issuer: issuer?,
            audience: audience?,
            user_id_claim: claim.unwrap_or_else(|| "sub".to_owned()),
        };
        Some(Self {
            store: store?,
            tokens,
            avatars: avatars.unwrap_or_default(),
        })
    }
}

impl Api {
    /// The state of a function's routes, with its store.
    pub fn new(store: Store, tokens: TokenRules, avatars: AvatarOrigins) -> Self {
        Self { store, tokens, avatars }
    }
}
