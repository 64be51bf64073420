//! People: registering, reading and changing them. [`organization`]: who is a member of what.

pub mod organization;

use contacts::{
    AccountId, ChatworkId, EmailAddress, Locale, PersonName, User, UserId, folding,
    search::SearchWords,
    user::{
        FindableBy, OrganizationId,
        handle::{self, Handle},
        profile::ProfileChange,
    },
};
use serde::{Deserialize, Serialize};

use crate::{
    StoreError,
    store::Store,
    table::{
        keys::{self, Item, Key, n, s},
        read::Loaded,
        transaction::Decision,
        write::{Condition, Transaction},
    },
};

/// Someone about to be registered: the address is verified.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Who it is in the sign-in token.
    pub user_id: UserId,
    /// The name.
    pub name: PersonName,
    /// Its reading.
    pub reading: Option<PersonName>,
    /// The verified address.
    pub email: EmailAddress,
    /// The language.
    pub locale: Locale,
}

/// What came of a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registered {
    /// There is a new user.
    Created(Box<User>),
    /// The user was there.
    Existing(Box<User>),
    /// Another user has the address: nothing was written.
    AddressTaken,
}

/// The registered user of an address.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AddressUser {
    pub(crate) user_id: UserId,
    /// So that an invitation finds colleagues with the same number of reads.
    #[serde(default)]
    pub(crate) organization: Option<OrganizationId>,
}

/// An entry of the name search.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct NameEntry {
    pub(crate) user_id: UserId,
    #[serde(with = "one_string")]
    pub(crate) words: SearchWords,
    pub(crate) findable_by: FindableBy,
}

/// Words as one attribute: a search reads sixty entries, and would parse each word as an attribute of its own.
mod one_string {
    use contacts::search::SearchWords;
    use serde::{Deserialize as _, Deserializer, Serializer, de, ser};

    pub(super) fn serialize<S: Serializer>(words: &SearchWords, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&serde_json::to_string(words).map_err(ser::Error::custom)?)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SearchWords, D::Error> {
        serde_json::from_str(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl Store {
    /// Makes a user, or finds the one that is there.
    pub async fn register(&self, new: NewUser) -> Result<Registered, StoreError> {
        let address_key = keys::address_user(self.secret.address_hash(&new.email));
        let wanted = [keys::profile(&new.user_id), address_key.clone()];
        self.transact(Loaded::default(), wanted, |loaded| {
            if let Some(user) = loaded.user(&new.user_id)? {
                return Ok(Decision::Nothing(Registered::Existing(Box::new(user))));
            }
            if loaded.item(&address_key).is_some() {
                return Ok(Decision::Nothing(Registered::AddressTaken));
            }
            let user = User {
                user_id: new.user_id.clone(),
                account_id: AccountId::new(self.random()),
                name: new.name.clone(),
                reading: new.reading.clone(),
                chatwork_id: None,
                email: new.email.clone(),
                organization: None,
                department: None,
                avatar_image_url: None,
                findable_by: FindableBy::default(),
                locale: new.locale,
                created_at: self.now(),
            };
            let mut transaction = Transaction::default();
            self.put_new_user(&mut transaction, &user, &address_key)?;
            Ok(Decision::Commit(transaction, Registered::Created(Box::new(user))))
        })
        .await
    }

    fn put_new_user(&self, transaction: &mut Transaction, user: &User, address_key: &Key) -> Result<(), StoreError> {
        let profile = profile_item(user, 1)?;
        let account = Item::from([(keys::USER_ID.to_owned(), s(user.user_id.as_str()))]);
        let mut address: Item = serde_dynamo::to_item(AddressUser {
            user_id: user.user_id.clone(),
            organization: None,
        })?;
        // The mailer turns the invitations that wait for this address into requests.
        keys::make_due(&mut address, user.created_at, user.account_id.get());
        for (key, item) in [
            (&keys::profile(&user.user_id), profile),
            (&keys::account(user.account_id), account),
            (address_key, address),
        ] {
            transaction.put(&self.table, key, item, Condition::absent());
        }
        self.replace_entries(transaction, None, user)
    }

    /// The user, as the last write left it.
    pub async fn user(&self, user: &UserId) -> Result<Option<User>, StoreError> {
        self.load([keys::profile(user)]).await?.user(user)
    }

    /// The user who calls.
    pub async fn caller(&self, user: &UserId) -> Result<User, StoreError> {
        self.user(user).await?.ok_or(StoreError::NotRegistered)
    }

    /// Who is registered with an address.
    pub async fn user_of_address(&self, email: &EmailAddress) -> Result<Option<UserId>, StoreError> {
        let key = keys::address_user(self.secret.address_hash(email));
        Ok(self
            .load([key.clone()])
            .await?
            .get::<AddressUser>(&key)?
            .map(|found| found.user_id))
    }

    /// Who has a Chatwork ID now.
    pub async fn user_of_handle(&self, handle: &ChatworkId) -> Result<Option<UserId>, StoreError> {
        self.load([keys::handle(handle)]).await?.holder(handle)
    }

    /// Changes what a person may change about themselves; the person afterwards.
    pub async fn change_profile(&self, me: &UserId, change: &ProfileChange) -> Result<User, StoreError> {
        let new_handle = change.chatwork_id.as_ref().and_then(Option::as_ref).map(keys::handle);
        let wanted = [keys::profile(me)].into_iter().chain(new_handle);
        self.transact(Loaded::default(), wanted, |loaded| {
            let old = loaded.caller(me)?;
            let Some(user) = old.changed(change) else {
                return Ok(Decision::Nothing(old));
            };
            let mut transaction = Transaction::default();
            self.put_profile(&mut transaction, loaded, &old, &user)?;
            self.move_handle(&mut transaction, &old, &user, loaded)?;
            self.move_member(&mut transaction, &old, &user)?;
            Ok(Decision::Commit(transaction, user))
        })
        .await
    }

    /// Writes a person who was loaded as `old`, with the entries of the name search.
    pub(crate) fn put_profile(
        &self,
        transaction: &mut Transaction,
        loaded: &Loaded,
        old: &User,
        new: &User,
    ) -> Result<(), StoreError> {
        let key = keys::profile(&old.user_id);
        let rev = loaded.number(&key, keys::REV);
        let is_current = folding_of(loaded, &old.user_id) == folding::VERSION;
        let mut item = profile_item(new, rev + 1)?;
        if new.name != old.name || !is_current {
            // The mailer puts this person in the right place in the lists of others.
            keys::make_due(&mut item, self.now(), new.account_id.get());
        }
        transaction.put(&self.table, &key, item, Condition::revision(Some(rev)));
        self.replace_entries(transaction, Some(old).filter(|_| is_current), new)
    }

    fn move_handle(
        &self,
        transaction: &mut Transaction,
        old: &User,
        new: &User,
        loaded: &Loaded,
    ) -> Result<(), StoreError> {
        let now = self.now();
        if old.chatwork_id == new.chatwork_id {
            return Ok(());
        }
        if let Some(released) = &old.chatwork_id {
            let mut item: Item = serde_dynamo::to_item(Handle::given_up(old.user_id.clone(), now))?;
            keys::delete_at(&mut item, now + handle::RESERVATION);
            let mine = Condition::new("user_id = :me").value(":me", s(old.user_id.as_str()));
            transaction.put(&self.table, &keys::handle(released), item, mine);
        }
        if let Some(wanted) = &new.chatwork_id {
            let key = keys::handle(wanted);
            let found: Option<Handle> = loaded.get(&key)?;
            if found.is_some_and(|found| !found.is_free_for(&new.user_id, now)) {
                return Err(StoreError::ChatworkIdTaken);
            }
            // As `is_free_for`, at the moment of the writing.
            let free = Condition::new("attribute_not_exists(pk) OR reserved_until <= :now OR (user_id = :me AND attribute_type(reserved_until, :string))")
                .value(":now", s(now.to_string()))
                .value(":me", s(new.user_id.as_str()))
                .value(":string", s("S"));
            let held = serde_dynamo::to_item(Handle::held(new.user_id.clone()))?;
            transaction.put(&self.table, &key, held, free);
        }
        Ok(())
    }

    /// Writes the entries of the name search, and removes those of `old` that are no more.
    fn replace_entries(&self, transaction: &mut Transaction, old: Option<&User>, new: &User) -> Result<(), StoreError> {
        let words = search_words(new);
        let entries: Vec<Key> = entry_keys(&words, &new.user_id);
        if let Some(old) = old {
            let old_words = search_words(old);
            if old_words == words && old.findable_by == new.findable_by {
                return Ok(());
            }
            for gone in entry_keys(&old_words, &old.user_id)
                .iter()
                .filter(|key| !entries.contains(key))
            {
                transaction.delete(&self.table, gone, None);
            }
        }
        let entry = NameEntry {
            user_id: new.user_id.clone(),
            words,
            findable_by: new.findable_by,
        };
        let item: Item = serde_dynamo::to_item(entry)?;
        for key in entries {
            // Whatever was there is this person's own.
            transaction.put(&self.table, &key, item.clone(), None);
        }
        Ok(())
    }
}

impl Loaded {
    /// Who has a Chatwork ID now, of a load with its key.
    pub(crate) fn holder(&self, handle: &ChatworkId) -> Result<Option<UserId>, StoreError> {
        let found: Option<Handle> = self.get(&keys::handle(handle))?;
        Ok(found.as_ref().and_then(Handle::holder).cloned())
    }
}

pub(crate) fn search_words(user: &User) -> SearchWords {
    SearchWords::of(&user.name, user.reading.as_ref(), user.chatwork_id.as_ref())
}

fn entry_keys(words: &SearchWords, user: &UserId) -> Vec<Key> {
    let mut keys: Vec<Key> = words
        .entries()
        .iter()
        .map(|entry| keys::name_entry(folding::VERSION, &entry.partition, &entry.word, user))
        .collect();
    keys.sort_by(|a, b| (&a.pk, &a.sk).cmp(&(&b.pk, &b.sk)));
    keys.dedup();
    keys
}

/// The version of the folding in which a person, whose profile is among what is loaded, has entries of the name search.
pub(crate) fn folding_of(loaded: &Loaded, user: &UserId) -> u32 {
    let version = loaded.number(&keys::profile(user), keys::FOLDING_VERSION);
    u32::try_from(version).unwrap_or(u32::MAX).max(keys::FIRST_FOLDING)
}

/// The item of a user whose entries of the name search are of this version of the folding.
fn profile_item(user: &User, rev: u64) -> Result<Item, StoreError> {
    let mut item: Item = serde_dynamo::to_item(user)?;
    item.insert(keys::REV.to_owned(), n(rev));
    item.insert(keys::FOLDING_VERSION.to_owned(), n(folding::VERSION));
    if user.organization.is_some() {
        keys::List::Contacts(&user.user_id).enter(&mut item, keys::SIGNPOST_FIRST);
    }
    Ok(item)
}
