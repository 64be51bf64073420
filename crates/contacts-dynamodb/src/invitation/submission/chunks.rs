//! The chunks of a call: invitations, with a marker of how many there are.

use contacts::{
    EmailAddress,
    invitation::{Invitation, Stage, submission::Candidate},
};
use futures_util::future::try_join_all;
use ulid::Ulid;

use super::{Begun, FIGURES_KEPT, Submission, SubmissionItem};
use crate::{
    StoreError,
    store::Store,
    table::{
        keys::{self, Item, Key, n, s},
        read::Loaded,
        write::{Condition, Transaction},
    },
};

/// Invitations of a transaction: DynamoDB's limit of 100 actions, less the marker.
const CHUNK: usize = 99;

impl Store {
    /// Writes the invitations of a call, chunks side by side; for each that was to be written its id, or none when
    /// another call of the same inviter has written one to the address meanwhile.
    pub(super) async fn write_invitations(
        &self,
        begun: &Begun<'_>,
        submission: &Submission<'_>,
    ) -> Result<Vec<Option<Ulid>>, StoreError> {
        let now = self.now();
        let new = |candidate: &Candidate<'_>| {
            let (message, batch_id) = (submission.message.clone(), begun.item.batch_id);
            let email: EmailAddress = candidate.address.clone();
            let inviter = begun.inviter.user_id.clone();
            Invitation::new(
                candidate.hash,
                inviter,
                email,
                message,
                submission.locale,
                batch_id,
                now,
            )
        };
        let invitations: Vec<Invitation> = begun.plan.to_write().iter().map(new).collect();
        let chunks = (0..).zip(invitations.chunks(CHUNK));
        let chunks = chunks.map(|(number, chunk)| self.write_chunk(&begun.item, number, chunk));
        Ok(try_join_all(chunks).await?.into_iter().flatten().collect())
    }

    async fn write_chunk(
        &self,
        item: &SubmissionItem,
        number: usize,
        chunk: &[Invitation],
    ) -> Result<Vec<Option<Ulid>>, StoreError> {
        let marker = item.chunk_key(number);
        let taken = self
            .commit_each(chunk.len(), &|left| {
                let mut transaction = Transaction::default();
                for invitation in left.iter().filter_map(|at| chunk.get(*at)) {
                    self.put_invitation(&mut transaction, invitation, self.not_open()?)?;
                }
                let mut count = Item::from([(keys::INVITATIONS.to_owned(), n(left.len()))]);
                keys::delete_at(&mut count, self.now() + FIGURES_KEPT);
                transaction.put(&self.table, &marker, count, None);
                Ok(transaction)
            })
            .await?;
        let ids = chunk.iter().enumerate();
        Ok(ids
            .map(|(at, invitation)| (!taken.contains(&at)).then_some(invitation.invitation_id))
            .collect())
    }

    /// No invitation, or one that has ended.
    fn not_open(&self) -> Result<Condition, StoreError> {
        Ok(
            Condition::new("attribute_not_exists(pk) OR expires_at <= :now OR NOT stage IN (:queued, :sent)")
                .value(":now", s(self.now().to_string()))
                .value(":queued", keys::value(&Stage::Queued)?)
                .value(":sent", keys::value(&Stage::Sent)?),
        )
    }
}

/// The keys of the markers that a submission may have, which it has all if nothing is refused.
pub(super) fn markers(item: &SubmissionItem) -> Vec<Key> {
    let chunks = (item.reserved as usize).div_ceil(CHUNK);
    (0..chunks).map(|chunk| item.chunk_key(chunk)).collect()
}

/// How many invitations the markers account for.
pub(super) fn written(loaded: &Loaded, markers: &[Key]) -> u32 {
    let written: u64 = markers
        .iter()
        .map(|marker| loaded.number(marker, keys::INVITATIONS))
        .sum();
    u32::try_from(written).unwrap_or(u32::MAX)
}
