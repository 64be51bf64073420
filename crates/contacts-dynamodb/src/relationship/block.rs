//! Blocks.

use contacts::{
    Timestamp, User, UserId,
    relationship::{Block, Unblock},
};

use crate::{
    StoreError,
    store::Store,
    table::{
        keys::List,
        page::{Page, Position},
    },
};

impl Store {
    /// Blocks somebody.
    pub async fn block(&self, me: &UserId, other: &UserId) -> Result<(), StoreError> {
        self.act(me, other, None, Block, |(), _| ()).await
    }

    /// Unblocks somebody.
    pub async fn unblock(&self, me: &UserId, other: &UserId) -> Result<(), StoreError> {
        self.act(me, other, None, Unblock, |(), _| ()).await
    }

    /// A page of those whom I block, newest first.
    pub async fn blocks(
        &self,
        me: &UserId,
        limit: usize,
        after: Option<&Position>,
    ) -> Result<Page<(User, Timestamp)>, StoreError> {
        let (page, next, loaded) = self.listed(me, List::Blocks(me), limit, after).await?;
        let mut items = Vec::new();
        for direction in page {
            if let (Some(since), Some(user)) = (direction.pair.mine.blocks_since, loaded.user(&direction.other)?) {
                items.push((user, since));
            }
        }
        Ok(Page { items, next })
    }
}
