//! Organisations and their members: what only the administration writes.

use contacts::{PersonName, User, UserId, user::Organization, user::OrganizationId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    StoreError,
    store::Store,
    table::{
        keys::{self, Item, n, s},
        read::Loaded,
        transaction::Decision,
        write::{Condition, Transaction},
    },
};

/// Figures of an organisation's contract, which are not those of anybody's contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationFigures {
    /// Its name.
    pub name: PersonName,
    /// Users managed under its contract.
    #[serde(default)]
    pub users: u64,
    /// How many there may be, when the contract says so.
    #[serde(default)]
    pub user_limit: Option<u64>,
}

/// A member of an organisation.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Member {
    pub(crate) user_id: UserId,
    pub(crate) organization: OrganizationId,
}

/// The number of an organisation that is known by its name: 52 bits of the name's SHA-256.
pub fn organization_id(name: &PersonName) -> OrganizationId {
    let digest = Sha256::digest(name.as_str());
    let bits = digest
        .iter()
        .take(8)
        .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    OrganizationId((bits >> 12).max(1))
}

impl Store {
    /// Makes somebody a member of an organisation, or of none, and sets the department.
    pub async fn assign_organization(
        &self,
        user_id: &UserId,
        organization: Option<&PersonName>,
        department: Option<&str>,
    ) -> Result<(), StoreError> {
        self.transact(Loaded::default(), [keys::profile(user_id)], |loaded| {
            let old = loaded.user(user_id)?.ok_or(StoreError::NotFound)?;
            let user = User {
                organization: organization.map(|name| Organization {
                    organization_id: organization_id(name),
                    name: name.clone(),
                }),
                department: department.map(str::to_owned),
                ..old.clone()
            };
            if user == old {
                return Ok(Decision::Nothing(()));
            }
            let mut transaction = Transaction::default();
            self.put_profile(&mut transaction, loaded, &old, &user)?;
            self.move_member(&mut transaction, &old, &user)?;
            self.note_organization_of_address(&mut transaction, &user);
            Ok(Decision::Commit(transaction, ()))
        })
        .await
    }

    /// Keeps the organisation stored with a registered address in step with its user's.
    fn note_organization_of_address(&self, transaction: &mut Transaction, user: &User) {
        let address = keys::address_user(self.secret.address_hash(&user.email));
        let (expression, condition) = match &user.organization {
            Some(Organization { organization_id, .. }) => (
                "SET organization = :organization",
                Condition::present().value(":organization", n(organization_id.0)),
            ),
            None => ("REMOVE organization", Condition::present()),
        };
        transaction.update(&self.table, &address, expression, condition);
    }

    /// Keeps the members of organisations in step with a change of a user.
    pub(crate) fn move_member(&self, transaction: &mut Transaction, old: &User, new: &User) -> Result<(), StoreError> {
        if (&old.organization, &old.name) == (&new.organization, &new.name) {
            return Ok(());
        }
        let place = |user: &User| {
            let organization = user.organization.as_ref()?.organization_id;
            Some((organization, keys::member(organization, &user.name, &user.user_id)))
        };
        let (was, is) = (place(old), place(new));
        if let Some((_, key)) = was.as_ref().filter(|_| was != is) {
            transaction.delete(&self.table, key, None);
        }
        if let Some((organization, key)) = is.as_ref().filter(|_| was != is) {
            let member = Member {
                user_id: new.user_id.clone(),
                organization: *organization,
            };
            let mut item: Item = serde_dynamo::to_item(member)?;
            keys::List::Incoming(&new.user_id).enter(&mut item, keys::SIGNPOST_LAST);
            transaction.put(&self.table, key, item, None);
        }
        let number = |user: &User| {
            user.organization
                .as_ref()
                .map(|organization| organization.organization_id)
        };
        if number(old) == number(new) {
            return Ok(());
        }
        if let Some(left) = number(old) {
            let one = Condition::default().value(":one", n(-1)).name("#users", "users");
            transaction.update(&self.table, &keys::organization(left), "ADD #users :one", one);
        }
        if let Some(joined) = &new.organization {
            let one = Condition::default()
                .value(":one", n(1))
                .value(":name", s(joined.name.as_str()))
                .name("#users", "users")
                .name("#name", "name");
            let key = keys::organization(joined.organization_id);
            transaction.update(&self.table, &key, "SET #name = :name ADD #users :one", one);
        }
        Ok(())
    }
}
