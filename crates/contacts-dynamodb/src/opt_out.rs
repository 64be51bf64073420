//! Opt-outs and reports, by the token of a mail.

use contacts::{invite_link::TokenTarget, token::LinkToken};

use crate::{
    StoreError,
    keys::{self, Item, s},
    store::Store,
    transaction::Condition,
};

/// Whose invitations are not wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Those of the inviter of this mail.
    Inviter,
    /// Anybody's.
    All,
}

impl Store {
    /// No more mail to the address that the token was mailed to. Does nothing for any other token,
    /// and nobody can tell.
    pub async fn opt_out(&self, token: Option<&LinkToken>, scope: Scope) -> Result<(), StoreError> {
        let Some(TokenTarget::Unsubscribe { invitation }) = self.target_of(token).await? else {
            return Ok(());
        };
        let key = match scope {
            Scope::All => keys::opt_out_of_all(invitation.address()),
            Scope::Inviter => keys::opt_out_of_inviter(invitation.address(), &invitation.inviter),
        };
        self.update_if(&key, "SET #at = if_not_exists(#at, :now)", now(self))
            .await?;
        Ok(())
    }

    /// Notes a report of abuse, once a token, and no more mail from this inviter.
    pub async fn report(&self, token: Option<&LinkToken>) -> Result<(), StoreError> {
        self.opt_out(token, Scope::Inviter).await?;
        let Some((token, TokenTarget::Unsubscribe { .. })) = token.zip(self.target_of(token).await?) else {
            return Ok(());
        };
        self.update_if(
            &keys::report(&token.hash()),
            "SET #at = if_not_exists(#at, :now)",
            now(self),
        )
        .await?;
        Ok(())
    }

    async fn target_of(&self, token: Option<&LinkToken>) -> Result<Option<TokenTarget>, StoreError> {
        match token {
            Some(token) => self.target(&token.hash()).await,
            None => Ok(None),
        }
    }
}

fn now(store: &Store) -> Condition {
    Condition::default()
        .name("#at", "at")
        .value(":now", s(store.now().to_string()))
}

/// True when mail is not wanted, as far as these two items tell.
pub(crate) fn is_suppressed(all: Option<&Item>, inviter: Option<&Item>) -> bool {
    all.is_some() || inviter.is_some()
}
