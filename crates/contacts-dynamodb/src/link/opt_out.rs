//! Opt-outs and reports, by the token of a mail.

use contacts::{
    invitation::InvitationRef,
    link::{LinkToken, TokenTarget},
};

use crate::{
    StoreError,
    store::Store,
    table::{
        keys::{self, Key, s},
        write::Condition,
    },
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
    pub async fn opt_out(&self, token: &LinkToken, scope: Scope) -> Result<(), StoreError> {
        match self.mailed_to(token).await? {
            Some(invitation) => self.put_opt_out(&invitation, scope).await,
            None => Ok(()),
        }
    }

    /// Notes a report of abuse, once a token; no more mail from this inviter, nor, if that is the scope,
    /// from anybody.
    pub async fn report(&self, token: &LinkToken, scope: Scope) -> Result<(), StoreError> {
        let Some(invitation) = self.mailed_to(token).await? else {
            return Ok(());
        };
        self.put_opt_out(&invitation, Scope::Inviter).await?;
        if scope == Scope::All {
            self.put_opt_out(&invitation, Scope::All).await?;
        }
        self.note_once(&keys::report(&token.hash())).await
    }

    /// The invitation in whose mail an unsubscribe token stands.
    async fn mailed_to(&self, token: &LinkToken) -> Result<Option<InvitationRef>, StoreError> {
        Ok(match self.target(token).await? {
            Some(TokenTarget::Unsubscribe { invitation }) => Some(invitation),
            _ => None,
        })
    }

    async fn put_opt_out(&self, invitation: &InvitationRef, scope: Scope) -> Result<(), StoreError> {
        let key = match scope {
            Scope::All => keys::opt_out_of_all(invitation.address()),
            Scope::Inviter => keys::opt_out_of_inviter(invitation.address(), &invitation.inviter),
        };
        self.note_once(&key).await
    }

    /// Notes that something happened, and when first.
    async fn note_once(&self, key: &Key) -> Result<(), StoreError> {
        let now = Condition::default()
            .name("#at", "at")
            .value(":now", s(self.now().to_string()));
        self.update_if(key, "SET #at = if_not_exists(#at, :now)", now).await?;
        Ok(())
    }
}
