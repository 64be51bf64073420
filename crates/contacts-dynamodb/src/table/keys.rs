//! The key schema.
//!
//! One table, string keys `pk` and `sk`, two sparse indexes, TTL on `delete_at`, a stream with both images.
//!
//! | entity | pk | sk | read by |
//! | --- | --- | --- | --- |
//! | user | `USER#<user>` | `PROFILE` | key; `lists` (signpost); `due` after a change of name |
//! | numbers of external contacts and of share links | `USER#<user>` | `COUNTS` | key |
//! | the relationship between two users, one item a direction | `USER#<me>` | `WITH#<other>` | key; `lists` |
//! | share link | `USER#<owner>` | `LINK#<link>` | key, prefix |
//! | outcome of a request | `USER#<user>` | `OUTCOME#<hash of the Idempotency-Key>` | key |
//! | submission of invitations that has begun | `USER#<user>` | `SUBMISSION#<submission>` | key; `due` when its lease is over |
//! | what a submission has written: a chunk | `USER#<user>` | `SUBMISSION#<submission>#<number>` | key |
//! | invitations written in a day | `USER#<user>` | `QUOTA#<day>` | key |
//! | uniqueness of an account id | `ACCOUNT#<number>` | `ACCOUNT` | key |
//! | uniqueness of a Chatwork ID, also of one given up lately | `HANDLE#<folded>` | `HANDLE` | key |
//! | registered address | `ADDRESS#<keyed hash>` | `USER` | key; `due` until its invitations are requests |
//! | invitation, and its uniqueness | `ADDRESS#<keyed hash>` | `INVITATION#<inviter>` | key, prefix; `lists`; `due` |
//! | opt-out of an address, for all or one inviter | `OPT_OUT#<keyed hash>` | `ALL`, `INVITER#<inviter>` | key |
//! | who a request is between | `REQUEST#<request>` | `REQUEST` | key |
//! | what a token leads to | `TOKEN#<SHA-256>` | `TOKEN` | key |
//! | report made with a token | `REPORT#<SHA-256>` | `REPORT` | key |
//! | views of a share link | `VIEWS#<link>` | `VIEWS` | key |
//! | who redeemed a share link | `LINK#<link>` | `BY#<user>` | key |
//! | organisation | `ORGANIZATION#<number>` | `ORGANIZATION` | key |
//! | member, by folded name | `ORGANIZATION#<number>` | `MEMBER#<folded name>#<user>` | prefix; `lists` |
//! | entry of the name search | `NAME#<version>#<partition>`; `NAME#<partition>` in version 1 | `<word>#<user>` | prefix |
//! | the version that all entries of the name search have | `FOLDING` | `FOLDING` | key |
//! | how far a segment of the table is brought to a version | `REINDEX#<version>` | `SEGMENT#<segment>/<of>` | key |
//!
//! `lists` (`list_pk`, `list_sk`, all attributes) holds each user's contacts by folded name, and
//! requests, blocks and invitations by time. A member of an organisation has two signposts in it, at
//! the head of the contacts and of the incoming requests, which say whose colleagues are contacts
//! too: so a page of contacts and a summary need no read to find that out first.
//! `due` (`due_pk`, `due_sk`, keys only) holds what waits for the mailer, in [`DUE_SHARDS`] partitions,
//! since everyone writes to it.
//!
//! What `web`, which anybody may call, writes has partitions of its own (opt-outs, reports, views), so
//! that its role reaches nothing else: IAM sees partition keys, not sort keys.
//!
//! What each operation costs is in `docs/table.md`.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use contacts::{AccountId, ChatworkId, PersonName, Timestamp, UserId, secret::AddressHash, user::OrganizationId};
use serde::Serialize;
use ulid::Ulid;

use crate::StoreError;

/// An item as the SDK has it.
pub type Item = HashMap<String, AttributeValue>;

/// A primary key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

/// The index of lists.
pub const LISTS: &str = "lists";
/// The index of what waits for the mailer.
pub const DUE: &str = "due";
/// Partitions of the index `due`.
pub const DUE_SHARDS: u64 = 8;

// Attributes that are looked up by their names; what else an item has, its type names.

/// The partition key, the sort key.
pub(crate) const PRIMARY: (&str, &str) = ("pk", "sk");
/// Those of the index `lists`.
pub(crate) const OF_LISTS: (&str, &str) = ("list_pk", "list_sk");
/// The relationship between two users: what has it in a list of people is no signpost.
pub(crate) const PAIR: &str = "pair";
/// The organisation of a user or a member: what has it in a list is a signpost.
pub(crate) const ORGANIZATION: &str = "organization";
/// The number of an organisation, in that of a user.
pub(crate) const ORGANIZATION_ID: &str = "organization_id";
/// When something ends by the clock.
pub(crate) const EXPIRES_AT: &str = "expires_at";
/// How often an item was changed.
pub(crate) const REV: &str = "rev";
/// The number of a user's external contacts.
pub(crate) const EXTERNAL: &str = "external";
/// The number of a user's share links, from the first one on.
pub(crate) const LINKS: &str = "links";
/// Invitations of a day.
pub(crate) const USED: &str = "used";
/// How many invitations a chunk has.
pub(crate) const INVITATIONS: &str = "invitations";
/// Views of a share link.
pub(crate) const VIEWS: &str = "views";
/// Of a profile: the version of the folding in which its person has entries of the name search.
pub(crate) const FOLDING_VERSION: &str = "folding";
/// Whom an item of the name search, of a list of people, of an account or of a Chatwork ID is about.
pub(crate) const USER_ID: &str = "user_id";

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self {
            pk: pk.into(),
            sk: sk.into(),
        }
    }

    /// The key of an item.
    pub fn of(item: &Item) -> Option<Self> {
        Some(Self {
            pk: string(item, "pk")?,
            sk: string(item, "sk")?,
        })
    }

    /// As the SDK wants it.
    pub fn attributes(&self) -> Item {
        HashMap::from([("pk".to_owned(), s(&self.pk)), ("sk".to_owned(), s(&self.sk))])
    }
}

/// A string attribute of an item.
pub(crate) fn string(item: &Item, name: &str) -> Option<String> {
    item.get(name)?.as_s().ok().cloned()
}

/// A string as an attribute.
pub(crate) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

/// A value of the domain as the attribute that it is stored as.
pub(crate) fn value(of: &impl Serialize) -> Result<AttributeValue, StoreError> {
    Ok(serde_dynamo::to_attribute_value(of)?)
}

/// A number as an attribute.
pub(crate) fn n(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub(crate) fn user_partition(user: &UserId) -> String {
    format!("USER#{user}")
}

pub(crate) fn profile(user: &UserId) -> Key {
    Key::new(user_partition(user), PROFILE)
}

/// The sort key of a user's profile.
pub const PROFILE: &str = "PROFILE";

pub(crate) fn counts(user: &UserId) -> Key {
    Key::new(user_partition(user), "COUNTS")
}

pub(crate) fn with(me: &UserId, other: &UserId) -> Key {
    Key::new(user_partition(me), format!("{WITH}{other}"))
}

pub(crate) const WITH: &str = "WITH#";

pub(crate) fn share_link(owner: &UserId, link: Ulid) -> Key {
    Key::new(user_partition(owner), format!("{SHARE_LINK}{link}"))
}

pub(crate) const SHARE_LINK: &str = "LINK#";

pub(crate) fn outcome(user: &UserId, key_hash: &str) -> Key {
    Key::new(user_partition(user), format!("OUTCOME#{key_hash}"))
}

pub(crate) fn submission(user: &UserId, submission: Ulid) -> Key {
    Key::new(user_partition(user), format!("{SUBMISSION}{submission}"))
}

pub(crate) fn submission_chunk(user: &UserId, submission: Ulid, chunk: usize) -> Key {
    Key::new(user_partition(user), format!("{SUBMISSION}{submission}#{chunk}"))
}

pub(crate) const SUBMISSION: &str = "SUBMISSION#";

pub(crate) fn quota(user: &UserId, day: &str) -> Key {
    Key::new(user_partition(user), format!("QUOTA#{day}"))
}

pub(crate) fn account(account: AccountId) -> Key {
    Key::new(format!("ACCOUNT#{}", account.get()), "ACCOUNT")
}

pub(crate) fn handle(handle: &ChatworkId) -> Key {
    Key::new(format!("HANDLE#{}", handle.folded()), "HANDLE")
}

pub(crate) fn address_partition(address: AddressHash) -> String {
    format!("ADDRESS#{address}")
}

pub(crate) fn address_user(address: AddressHash) -> Key {
    Key::new(address_partition(address), ADDRESS_USER)
}

const ADDRESS_USER: &str = "USER";

pub(crate) fn invitation(address: AddressHash, inviter: &UserId) -> Key {
    Key::new(address_partition(address), format!("{INVITATION}{inviter}"))
}

pub(crate) const INVITATION: &str = "INVITATION#";

pub(crate) fn opt_out_of_all(address: AddressHash) -> Key {
    Key::new(format!("OPT_OUT#{address}"), "ALL")
}

pub(crate) fn opt_out_of_inviter(address: AddressHash, inviter: &UserId) -> Key {
    Key::new(format!("OPT_OUT#{address}"), format!("INVITER#{inviter}"))
}

pub(crate) fn request(request: Ulid) -> Key {
    Key::new(format!("REQUEST#{request}"), "REQUEST")
}

pub(crate) fn token(hash: &str) -> Key {
    Key::new(format!("TOKEN#{hash}"), "TOKEN")
}

pub(crate) fn report(token_hash: &str) -> Key {
    Key::new(format!("REPORT#{token_hash}"), "REPORT")
}

pub(crate) fn link_views(link: Ulid) -> Key {
    Key::new(format!("VIEWS#{link}"), "VIEWS")
}

pub(crate) fn link_redeemed_by(link: Ulid, user: &UserId) -> Key {
    Key::new(format!("LINK#{link}"), format!("BY#{user}"))
}

pub(crate) fn organization_partition(organization: OrganizationId) -> String {
    format!("ORGANIZATION#{}", organization.0)
}

pub(crate) fn organization(organization: OrganizationId) -> Key {
    Key::new(organization_partition(organization), "ORGANIZATION")
}

pub(crate) fn member(organization: OrganizationId, name: &PersonName, user: &UserId) -> Key {
    Key::new(
        organization_partition(organization),
        format!("{MEMBER}{}", name_place(name, user)),
    )
}

pub(crate) const MEMBER: &str = "MEMBER#";

/// The place of a signpost in a list that is read from its beginning, by name.
pub(crate) const SIGNPOST_FIRST: &str = "\u{1}";
/// The place of a signpost in a list that is read from its end, newest first: behind every ULID.
pub(crate) const SIGNPOST_LAST: &str = "~";

/// The partition of the name search that entries of a version of the folding have. No folded word has a `#` in it.
pub(crate) fn name_partition(version: u32, partition: &str) -> String {
    if version == FIRST_FOLDING {
        format!("{NAME}{partition}")
    } else {
        format!("{NAME}{version}#{partition}")
    }
}

/// The version whose entries do not name it.
pub(crate) const FIRST_FOLDING: u32 = 1;

pub(crate) const NAME: &str = "NAME#";

pub(crate) fn name_entry(version: u32, partition: &str, word: &str, user: &UserId) -> Key {
    Key::new(name_partition(version, partition), format!("{word}#{user}"))
}

pub(crate) fn folding() -> Key {
    Key::new("FOLDING", "FOLDING")
}

pub(crate) fn reindexed_segment(version: u32, segment: u32, of: u32) -> Key {
    Key::new(format!("REINDEX#{version}"), format!("SEGMENT#{segment}/{of}"))
}

/// A list of the index `lists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List<'a> {
    Contacts(&'a UserId),
    Incoming(&'a UserId),
    Outgoing(&'a UserId),
    Blocks(&'a UserId),
    Invitations(&'a UserId),
}

impl List<'_> {
    /// Its partition in the index.
    pub(crate) fn partition(self) -> String {
        match self {
            Self::Contacts(user) => format!("CONTACTS#{user}"),
            Self::Incoming(user) => format!("INCOMING#{user}"),
            Self::Outgoing(user) => format!("OUTGOING#{user}"),
            Self::Blocks(user) => format!("BLOCKS#{user}"),
            Self::Invitations(user) => format!("INVITATIONS#{user}"),
        }
    }

    /// Puts an item into the list, at a place.
    pub(crate) fn enter(self, item: &mut Item, place: &str) {
        let (pk, sk) = OF_LISTS;
        item.insert(pk.to_owned(), s(self.partition()));
        item.insert(sk.to_owned(), s(place));
    }
}

/// Where a name stands among folded names: the folded name, cut so that the key stays below
/// DynamoDB's 1,024 bytes, and the user for a stable order.
pub(crate) fn name_place(name: &PersonName, user: &UserId) -> String {
    let folded = contacts::search::sort_key(name);
    let cut: String = folded.chars().take(128).collect();
    format!("{cut}#{user}")
}

/// What an item in the index `due` waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// An invitation: to be mailed.
    Invitation,
    /// The user of an address: that the invitations which wait for it become requests.
    NewUser,
    /// A profile: its place in the lists of others, after a change of name.
    NewName,
    /// A submission: to be ended when its lease is over.
    Submission,
}

impl Key {
    /// What an item with this key waits for.
    pub(crate) fn due(&self) -> Option<Due> {
        match self.sk.as_str() {
            sk if sk.starts_with(INVITATION) => Some(Due::Invitation),
            sk if sk.starts_with(SUBMISSION) => Some(Due::Submission),
            ADDRESS_USER => Some(Due::NewUser),
            PROFILE => Some(Due::NewName),
            _ => None,
        }
    }

    /// The version of the folding that made an entry of the name search; none for any other key.
    pub(crate) fn name_entry_version(&self) -> Option<u32> {
        match self.pk.strip_prefix(NAME)?.split_once('#') {
            Some((version, _)) => version.parse().ok(),
            None => Some(FIRST_FOLDING),
        }
    }
}

/// Makes an item wait for the mailer.
pub(crate) fn make_due(item: &mut Item, at: Timestamp, spread: u64) {
    item.insert(DUE_PK.to_owned(), s(due_partition(spread % DUE_SHARDS)));
    item.insert("due_sk".to_owned(), s(due_place(at)));
}

const DUE_PK: &str = "due_pk";

/// True when an item waits for the mailer.
pub(crate) fn is_due(item: &Item) -> bool {
    item.contains_key(DUE_PK)
}

/// What is due in a partition until a time, as a condition of a query.
pub(crate) const DUE_UNTIL: &str = "due_pk = :pk AND due_sk <= :until";
/// The clause by which an item waits no more.
pub(crate) const REMOVE_DUE: &str = "REMOVE due_pk, due_sk";
/// The condition that an item is in a list, and the update of its place there.
pub(crate) const IN_LIST: &str = "list_pk = :list";
/// See [`IN_LIST`].
pub(crate) const SET_PLACE: &str = "SET list_sk = :place";

/// A partition of the index `due`.
pub fn due_partition(shard: u64) -> String {
    format!("DUE#{shard}")
}

/// Where in it an item stands that is due at a time.
pub fn due_place(at: Timestamp) -> String {
    format!("{:020}", at.unix_milliseconds())
}

/// Sets the attribute by which DynamoDB removes an item some time after `at`.
pub(crate) fn delete_at(item: &mut Item, at: Timestamp) {
    item.insert("delete_at".to_owned(), n(at.unix_seconds()));
}

#[cfg(test)]
mod tests {
    use contacts::{ChatworkId, EmailAddress, secret::ServiceSecret};

    use super::*;

    /// Keys as they stand in the table at the head of this file, in its order.
    #[test]
    fn the_keys_are_those_of_the_table() {
        let (me, other) = (UserId::parse("me").unwrap(), UserId::parse("other").unwrap());
        let (id, name) = (Ulid::nil(), PersonName::parse("Ａｉｋｏ").unwrap());
        let secret = ServiceSecret::new(vec![7; 32]).unwrap();
        let hash = secret.address_hash(&EmailAddress::parse("a@b.example").unwrap());
        let organization = OrganizationId(7);
        for (key, expected) in [
            (profile(&me), "USER#me PROFILE".to_owned()),
            (counts(&me), "USER#me COUNTS".to_owned()),
            (with(&me, &other), "USER#me WITH#other".to_owned()),
            (share_link(&me, id), format!("USER#me LINK#{id}")),
            (outcome(&me, "hash"), "USER#me OUTCOME#hash".to_owned()),
            (submission(&me, id), format!("USER#me SUBMISSION#{id}")),
            (submission_chunk(&me, id, 3), format!("USER#me SUBMISSION#{id}#3")),
            (quota(&me, "2026-03-01"), "USER#me QUOTA#2026-03-01".to_owned()),
            (
                handle(&ChatworkId::parse("Aiko").unwrap()),
                "HANDLE#aiko HANDLE".to_owned(),
            ),
            (address_user(hash), format!("ADDRESS#{hash} USER")),
            (invitation(hash, &me), format!("ADDRESS#{hash} INVITATION#me")),
            (opt_out_of_all(hash), format!("OPT_OUT#{hash} ALL")),
            (opt_out_of_inviter(hash, &me), format!("OPT_OUT#{hash} INVITER#me")),
            (request(id), format!("REQUEST#{id} REQUEST")),
            (token("hash"), "TOKEN#hash TOKEN".to_owned()),
            (report("hash"), "REPORT#hash REPORT".to_owned()),
            (link_views(id), format!("VIEWS#{id} VIEWS")),
            (link_redeemed_by(id, &me), format!("LINK#{id} BY#me")),
            (
                super::organization(organization),
                "ORGANIZATION#7 ORGANIZATION".to_owned(),
            ),
            (
                member(organization, &name, &me),
                "ORGANIZATION#7 MEMBER#aiko#me".to_owned(),
            ),
            (name_entry(2, "ai", "aiko", &me), "NAME#2#ai aiko#me".to_owned()),
            (name_entry(1, "ai", "aiko", &me), "NAME#ai aiko#me".to_owned()),
            (folding(), "FOLDING FOLDING".to_owned()),
            (reindexed_segment(2, 0, 4), "REINDEX#2 SEGMENT#0/4".to_owned()),
        ] {
            assert_eq!(format!("{} {}", key.pk, key.sk), expected);
        }
    }

    #[test]
    fn an_entry_names_its_version() {
        let me = UserId::parse("me").unwrap();
        for version in [1, 2, 30] {
            assert_eq!(name_entry(version, "3", "3", &me).name_entry_version(), Some(version));
        }
        assert_eq!(profile(&me).name_entry_version(), None);
    }

    #[test]
    fn what_waits_is_told_by_its_key() {
        let me = UserId::parse("me").unwrap();
        let hash = AddressHash::from_bits(1);
        for (key, due) in [
            (invitation(hash, &me), Some(Due::Invitation)),
            (address_user(hash), Some(Due::NewUser)),
            (profile(&me), Some(Due::NewName)),
            (submission(&me, Ulid::nil()), Some(Due::Submission)),
            (counts(&me), None),
        ] {
            assert_eq!(key.due(), due, "{key:?}");
        }
    }
}
