//! Who has a Chatwork ID.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::UserId;
use crate::{Timestamp, time::days};

/// How long a Chatwork ID stays reserved for the one who gave it up.
pub const RESERVATION: Duration = days(180);

/// Who has a Chatwork ID, or gave it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handle {
    /// Who.
    pub user_id: UserId,
    /// Set when its owner gave it up.
    #[serde(default)]
    pub reserved_until: Option<Timestamp>,
}

impl Handle {
    /// It is this user's.
    pub fn held(user_id: UserId) -> Self {
        Self {
            user_id,
            reserved_until: None,
        }
    }

    /// This user gives it up, and may have it back before anybody else.
    pub fn given_up(user_id: UserId, now: Timestamp) -> Self {
        Self {
            user_id,
            reserved_until: Some(now + RESERVATION),
        }
    }

    /// Who has it now.
    pub fn holder(&self) -> Option<&UserId> {
        self.reserved_until.is_none().then_some(&self.user_id)
    }

    /// True when it was given up, and is not reserved, or for this user.
    pub fn is_free_for(&self, user: &UserId, now: Timestamp) -> bool {
        self.reserved_until
            .is_some_and(|until| now >= until || self.user_id == *user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_is_given_up_is_free_for_its_owner_at_once_and_for_others_after_its_time() {
        let (me, other) = (UserId::parse("me").unwrap(), UserId::parse("other").unwrap());
        let now = Timestamp::from_unix_milliseconds(1_000);
        let last = Timestamp::from_unix_milliseconds(999) + RESERVATION;
        let held = Handle::held(me.clone());
        assert_eq!(held.holder(), Some(&me));
        let given_up = Handle::given_up(me.clone(), now);
        assert_eq!(given_up.holder(), None);
        for (handle, user, at, is_free) in [
            (&held, &other, now + RESERVATION, false),
            (&held, &me, now, false),
            (&given_up, &me, now, true),
            (&given_up, &other, now, false),
            (&given_up, &other, last, false),
            (&given_up, &other, now + RESERVATION, true),
        ] {
            assert_eq!(handle.is_free_for(user, at), is_free, "{handle:?} {user} {at}");
        }
    }
}
