//! What can go wrong in the store.

use contacts::{invitation::CannotResend, relationship::Refusal};

/// Why an operation has no outcome. Nothing of it was written, but for [`StoreError::StillRunning`] and
/// [`StoreError::AlreadyDone`], and where DynamoDB's answer was lost ([`StoreError::Unavailable`]).
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The caller's token is good, but there is no such user.
    #[error("the caller is not registered")]
    NotRegistered,
    /// For the caller there is nothing there.
    #[error("not found")]
    NotFound,
    /// The rules between two people refuse it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The request named does not wait any more; how the two stand now.
    #[error("the request does not wait any more")]
    NotPending(contacts::relationship::Relation),
    /// An invitation that has ended cannot be revoked.
    #[error(transparent)]
    Ended(#[from] contacts::invitation::Ended),
    /// An invitation cannot be sent again.
    #[error(transparent)]
    CannotResend(#[from] CannotResend),
    /// The Chatwork ID belongs to somebody, or did lately.
    #[error("the Chatwork ID is taken")]
    ChatworkIdTaken,
    /// A user has as many share links as there may be.
    #[error("too many share links")]
    TooManyLinks,
    /// The link is dead or not for the caller.
    #[error("the link cannot be redeemed")]
    NotRedeemable(contacts::link::NotRedeemable),
    /// The same `Idempotency-Key` came with another request before.
    #[error("the Idempotency-Key was used for another request")]
    KeyReused,
    /// The request with the same `Idempotency-Key` is still running.
    #[error("the request is still running")]
    StillRunning,
    /// The request with the same `Idempotency-Key` is done, and what it came to can no longer be told: the
    /// key that sealed it is gone.
    #[error("the request is done already")]
    AlreadyDone,
    /// DynamoDB is out of reach, throttles, or gave no clear answer; or too many changed the same.
    #[error("the store is not available: {0}")]
    Unavailable(&'static str),
    /// DynamoDB refused the call, or an item cannot be read: an error of the program or the deployment.
    #[error("the store failed: {0}")]
    Internal(String),
}

impl From<serde_dynamo::Error> for StoreError {
    fn from(error: serde_dynamo::Error) -> Self {
        // Its text may quote values of the item, which are not for the log.
        let _ = error;
        Self::Internal("an item cannot be read or written".to_owned())
    }
}
