//! Contacts: colleagues first, then the external ones.

use contacts::{
    EmailAddress, Timestamp, User, UserId,
    relationship::{Contact, Origin, Remove},
    search::{Query, SearchBy},
    user::{FindableBy, OrganizationId, PersonCard},
};
use serde::{Deserialize, Serialize};

use super::Direction;
use crate::{
    StoreError,
    store::Store,
    table::{
        keys::{self, Item, List},
        page::{Page, Position},
        read::{BATCH, Range, read},
        write::Condition,
    },
    user::{
        organization::{Member, OrganizationFigures},
        search_words,
    },
};

/// Contacts of a page: each needs one key of a batch, and so does the caller.
const MOST_OF_A_PAGE: usize = BATCH - 1;
/// Rounds of a page that is filtered, each of as many contacts as a batch can load: a filter that fits nobody is
/// answered within the time of some twenty calls, and goes on behind that.
const ROUNDS: usize = 10;
/// Requests are counted up to this many.
pub const MOST_COUNTED: usize = 1_000;

/// How somebody is a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// By membership in the same organisation.
    Internal,
    /// By an accepted request.
    External,
}

/// A contact, as the other one sees them: with address and department.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactCard {
    /// What anybody sees.
    pub person: PersonCard,
    /// Where they work in their organisation.
    pub department: Option<String>,
    /// The address.
    pub email: EmailAddress,
    /// How.
    pub kind: ContactKind,
    /// Since when.
    pub since: Timestamp,
    /// By what.
    pub origin: Origin,
}

/// The figures of one user's contacts.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Colleagues.
    pub internal: u64,
    /// External contacts.
    pub external: u64,
    /// How many external ones there may be.
    pub external_limit: Option<u32>,
    /// Requests that wait for me, up to [`MOST_COUNTED`].
    pub incoming: usize,
    /// Requests of mine that wait, up to [`MOST_COUNTED`].
    pub outgoing: usize,
    /// The organisation's contract.
    pub organization: Option<OrganizationFigures>,
}

/// What a row of a list says before its user is loaded.
struct Row {
    user: UserId,
    /// None for a colleague.
    external: Option<Contact>,
    cursor_after: Position,
}

impl ContactCard {
    /// An external contact.
    pub(crate) fn external(user: &User, contact: &Contact) -> Self {
        Self::new(user, ContactKind::External, contact.since, contact.origin)
    }

    /// A colleague: since the day of the younger account, the earliest that it can be.
    pub(crate) fn internal(me: &User, user: &User) -> Self {
        let since = me.created_at.max(user.created_at);
        Self::new(user, ContactKind::Internal, since, Origin::Organization)
    }

    fn new(user: &User, kind: ContactKind, since: Timestamp, origin: Origin) -> Self {
        Self {
            person: user.card(),
            department: user.department.clone(),
            email: user.email.clone(),
            kind,
            since,
            origin,
        }
    }
}

/// Whether a contact is meant, by whatever the other one sees of them: how strangers may find them does not matter.
fn fits(query: &Query, user: &User) -> bool {
    let card = user.card();
    let organization = card.organization_name.as_ref().map_or("", |name| name.as_str());
    query
        .find(&search_words(user), SearchBy::Any, FindableBy::default())
        .is_some()
        || query.stands_in(&format!("{organization} {}", user.email.as_str()))
}

impl Store {
    /// A page of contacts by folded name: internal ones, then external ones. With a query, those whose names fit, or
    /// whose Chatwork ID, organisation or address does;
    /// such a page ends short only after a thousand contacts or so were looked at.
    pub async fn contacts(
        &self,
        me: &UserId,
        query: Option<&Query>,
        kind: Option<ContactKind>,
        limit: usize,
        after: Option<&Position>,
    ) -> Result<Page<ContactCard>, StoreError> {
        let limit = limit.clamp(1, MOST_OF_A_PAGE);
        let (rounds, window) = match query {
            Some(_) => (ROUNDS, MOST_OF_A_PAGE),
            None => (1, limit),
        };
        let fits = |user: &User| query.is_none_or(|query| fits(query, user));
        let mut items = Vec::new();
        // Behind the last one on the page, for when there is another one that fits.
        let mut cursor_after_last = None;
        let mut next = after.cloned();
        for _ in 0..rounds {
            let (rows, behind_rows) = self.contact_rows(me, kind, window, next.as_ref()).await?;
            next = behind_rows;
            let profiles = rows.iter().map(|row| keys::profile(&row.user));
            let loaded = self.load(profiles.chain([keys::profile(me)])).await?;
            let caller = loaded.caller(me)?;
            for Row {
                user,
                external,
                cursor_after,
            } in rows
            {
                let Some(user) = loaded.user(&user)?.filter(|user| user.user_id != *me && fits(user)) else {
                    continue;
                };
                // One who has joined or left since is in the other segment.
                if caller.is_colleague_of(&user) == external.is_some() {
                    continue;
                }
                let listed = match external {
                    Some(contact) => ContactCard::external(&user, &contact),
                    None => ContactCard::internal(&caller, &user),
                };
                if items.len() == limit {
                    return Ok(Page {
                        items,
                        next: cursor_after_last,
                    });
                }
                items.push(listed);
                cursor_after_last = Some(cursor_after);
            }
            if next.is_none() {
                break;
            }
        }
        Ok(Page { items, next })
    }

    async fn contact_rows(
        &self,
        me: &UserId,
        kind: Option<ContactKind>,
        limit: usize,
        after: Option<&Position>,
    ) -> Result<(Vec<Row>, Option<Position>), StoreError> {
        let segment = after.and_then(Segment::of);
        let (mut organization, mut externals) = (None, None);
        if let Some(Segment::Internal(id)) = segment {
            organization = Some(id);
        } else {
            let (items, next) = self
                .external_page(me, limit + 1, after.filter(|position| !position.keys.is_empty()))
                .await?;
            if segment.is_none() {
                organization = items.first().and_then(signpost);
            }
            externals = Some((items, next));
        }
        let mut rows = Vec::new();
        if let Some(organization) = organization.filter(|_| kind != Some(ContactKind::External)) {
            let range = Range {
                of_lists: false,
                partition: keys::organization_partition(organization),
                prefix: Some(keys::MEMBER),
                newest_first: false,
                limit,
                after: after.filter(|_| segment.is_some()),
            };
            let (items, next) = self.query(&range).await?;
            let segment = Segment::Internal(organization);
            rows = items
                .iter()
                .map(|item| internal_row(item, segment.at(range.cursor_after(item))))
                .collect::<Result<_, _>>()?;
            if let Some(next) = next {
                return Ok((rows, Some(segment.at(next))));
            }
        }
        if kind == Some(ContactKind::Internal) {
            return Ok((rows, None));
        }
        let room = limit.saturating_sub(rows.len());
        if room == 0 {
            return Ok((rows, Some(Segment::External.at(Position::default()))));
        }
        let (items, next) = match externals {
            Some(found) => found,
            None => self.external_page(me, room + 1, None).await?,
        };
        let found: Vec<Row> = items
            .iter()
            .filter(|item| item.contains_key(keys::PAIR))
            .map(external_row)
            .collect::<Result<_, _>>()?;
        let more = found.len() > room || next.is_some();
        rows.extend(found.into_iter().take(room));
        let last = rows.iter().rev().find(|row| row.external.is_some());
        let cursor = || {
            last.map_or_else(
                || Segment::External.at(Position::default()),
                |row| row.cursor_after.clone(),
            )
        };
        let next = more.then(cursor);
        Ok((rows, next))
    }

    async fn external_page(
        &self,
        me: &UserId,
        limit: usize,
        after: Option<&Position>,
    ) -> Result<(Vec<Item>, Option<Position>), StoreError> {
        self.query(&external_range(me, limit, after)).await
    }

    /// Somebody, if we are contacts; `NotFound` otherwise.
    pub async fn contact(&self, me: &UserId, other: &UserId) -> Result<ContactCard, StoreError> {
        let loaded = self
            .load([keys::profile(me), keys::profile(other), keys::with(me, other)])
            .await?;
        let caller = loaded.caller(me)?;
        let other = loaded.user(other)?.ok_or(StoreError::NotFound)?;
        if caller.is_colleague_of(&other) {
            return Ok(ContactCard::internal(&caller, &other));
        }
        let direction: Option<Direction> = loaded.get(&keys::with(me, &other.user_id))?;
        let contact = direction.and_then(|direction| direction.pair.contact);
        let contact = contact.ok_or(StoreError::NotFound)?;
        Ok(ContactCard::external(&other, &contact))
    }

    /// Ends a contact.
    pub async fn remove_contact(&self, me: &UserId, other: &UserId) -> Result<(), StoreError> {
        self.act(me, other, None, Remove, |(), _| ()).await
    }

    /// The figures of my contacts, requests and organisation.
    pub async fn summary(&self, me: &UserId) -> Result<Summary, StoreError> {
        let now = self.now();
        let shown = [keys::EXPIRES_AT, keys::ORGANIZATION].join(", ");
        let newest = |list: List<'_>| self.newest(list.partition(), &shown, MOST_COUNTED + 1);
        let (incoming, outgoing) =
            futures_util::future::try_join(newest(List::Incoming(me)), newest(List::Outgoing(me))).await?;
        let organization = incoming.iter().find_map(signpost);
        let open = |items: &[Item]| {
            let expiry = |item: &Item| keys::string(item, keys::EXPIRES_AT)?.parse::<Timestamp>().ok();
            items
                .iter()
                .filter_map(expiry)
                .filter(|end| now < *end)
                .count()
                .min(MOST_COUNTED)
        };
        let key = organization.map(keys::organization);
        let loaded = self
            .load([keys::profile(me), keys::counts(me)].into_iter().chain(key.clone()))
            .await?;
        loaded.caller(me)?;
        let organization: Option<OrganizationFigures> = key.map(|key| loaded.get(&key)).transpose()?.flatten();
        Ok(Summary {
            internal: organization
                .as_ref()
                .map_or(0, |organization| organization.users.saturating_sub(1)),
            external: loaded.number(&keys::counts(me), keys::EXTERNAL),
            external_limit: self.settings.external_contact_limit,
            incoming: open(&incoming),
            outgoing: open(&outgoing),
            organization,
        })
    }

    /// Puts somebody in the right place in the lists of contacts, after a change of name.
    /// Comes again when interrupted: every write is the same the second time.
    pub(crate) async fn move_in_lists(&self, user: &User) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let (items, next) = self.query(&external_range(&user.user_id, 100, after.as_ref())).await?;
            for item in items.iter().filter(|item| item.contains_key(keys::PAIR)) {
                let direction: Direction = read(item)?;
                let place = keys::name_place(&user.name, &user.user_id);
                let condition = Condition::new(keys::IN_LIST)
                    .value(":list", keys::s(List::Contacts(&direction.other).partition()))
                    .value(":place", keys::s(place));
                self.update_if(&keys::with(&direction.other, &user.user_id), keys::SET_PLACE, condition)
                    .await?;
            }
            match next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }
}

/// The part of the list of contacts that a position is in.
#[derive(Clone, Copy)]
enum Segment {
    /// The members of an organisation.
    Internal(OrganizationId),
    /// Who is a contact by a request.
    External,
}

impl Segment {
    const MEMBERS_OF: &str = "members:";
    const BY_REQUEST: &str = "by request";

    /// That of a position; none of one that is in no part yet.
    fn of(position: &Position) -> Option<Self> {
        let segment = position.segment.as_deref()?;
        let organization = segment.strip_prefix(Self::MEMBERS_OF).and_then(|id| id.parse().ok());
        Some(organization.map_or(Self::External, |id| Self::Internal(OrganizationId(id))))
    }

    /// A position, in this part.
    fn at(self, position: Position) -> Position {
        position.within(&match self {
            Self::Internal(organization) => format!("{}{}", Self::MEMBERS_OF, organization.0),
            Self::External => Self::BY_REQUEST.to_owned(),
        })
    }
}

fn external_range<'a>(me: &UserId, limit: usize, after: Option<&'a Position>) -> Range<'a> {
    Range {
        of_lists: true,
        partition: List::Contacts(me).partition(),
        prefix: None,
        newest_first: false,
        limit,
        after,
    }
}

/// Whose colleagues are contacts too: told by the user's own profile or membership in the list.
fn signpost(item: &Item) -> Option<OrganizationId> {
    let organization = item.get(keys::ORGANIZATION)?;
    let number = match organization.as_m() {
        Ok(of_profile) => of_profile.get(keys::ORGANIZATION_ID)?.as_n().ok()?,
        Err(of_member) => of_member.as_n().ok()?,
    };
    number.parse().ok().map(OrganizationId)
}

fn internal_row(item: &Item, cursor_after: Position) -> Result<Row, StoreError> {
    let member: Member = read(item)?;
    Ok(Row {
        user: member.user_id,
        external: None,
        cursor_after,
    })
}

fn external_row(item: &Item) -> Result<Row, StoreError> {
    let direction: Direction = read(item)?;
    let contact = direction
        .pair
        .contact
        .ok_or_else(|| StoreError::Internal("a contact without its date".to_owned()))?;
    let place = external_range(&direction.other, 0, None).cursor_after(item);
    Ok(Row {
        user: direction.other,
        external: Some(contact),
        cursor_after: Segment::External.at(place),
    })
}
