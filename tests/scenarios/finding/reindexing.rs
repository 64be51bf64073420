//! A table of an older version of the folding, brought up to date while it serves.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use contacts::{
    UserId, folding,
    search::{Query, SearchBy},
    secret::ServiceSecret,
};
use contacts_admin::reindex::{self, reindex};
use contacts_dynamodb::{
    Store, StoreSettings,
    reindex::{Segment, SegmentProgress},
};
use contacts_local::stack::SERVICE_SECRET;
use contacts_runtime::system::{SystemClock, SystemRandom};
use contacts_tests::{Person, World};
use serde_json::json;
use tokio::sync::Notify;

type Item = HashMap<String, AttributeValue>;

const TABLE: &str = "contacts";

fn text<'i>(item: &'i Item, name: &str) -> &'i str {
    item.get(name)
        .and_then(|value| value.as_s().ok())
        .map_or("", String::as_str)
}

fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

/// The table, as an operator reaches it.
struct Table(Client);

impl Table {
    fn of(world: &World) -> Self {
        Self(world.dynamodb())
    }

    /// A store that knows nothing of the table yet, as a function has after a cold start.
    fn store(&self) -> Store {
        Store::new(
            self.0.clone(),
            TABLE.to_owned(),
            ServiceSecret::new(SERVICE_SECRET.as_bytes().to_vec()).unwrap(),
            StoreSettings {
                external_contact_limit: None,
                invitations_per_day: 2_000,
            },
            Arc::new(SystemClock),
            Arc::new(SystemRandom),
        )
    }

    async fn items(&self, condition: &str, value: &str) -> Vec<Item> {
        let mut items = Vec::new();
        let mut from = None;
        loop {
            let page = self
                .0
                .scan()
                .table_name(TABLE)
                .filter_expression(condition)
                .expression_attribute_values(":value", s(value))
                .set_exclusive_start_key(from);
            let page = page.send().await.unwrap();
            items.extend(page.items.unwrap_or_default());
            from = page.last_evaluated_key;
            if from.is_none() {
                return items;
            }
        }
    }

    async fn entries(&self) -> Vec<Item> {
        self.items("begins_with(pk, :value)", "NAME#").await
    }

    async fn put(&self, item: Item) {
        let put = self.0.put_item().table_name(TABLE).set_item(Some(item));
        put.send().await.unwrap();
    }

    async fn delete(&self, item: &Item) {
        let delete = self.0.delete_item().table_name(TABLE);
        let delete = delete.key("pk", item["pk"].clone()).key("sk", item["sk"].clone());
        delete.send().await.unwrap();
    }

    async fn move_to(&self, item: &Item, pk: &str, sk: &str) {
        self.delete(item).await;
        let mut moved = item.clone();
        moved.extend([("pk".to_owned(), s(pk)), ("sk".to_owned(), s(sk))]);
        self.put(moved).await;
    }

    /// Makes all that is there what an older version would have made.
    async fn age(&self) {
        for entry in self.entries().await {
            let older = text(&entry, "pk").replacen(&format!("NAME#{}#", folding::VERSION), "NAME#", 1);
            self.move_to(&entry, &older, text(&entry, "sk")).await;
        }
        for mut profile in self.items("sk = :value", "PROFILE").await {
            profile.remove("folding").unwrap();
            self.put(profile).await;
        }
        for marker in self.items("pk = :value", "FOLDING").await {
            self.delete(&marker).await;
        }
    }
}

/// Everybody whom a query finds, page by page.
async fn found(store: &Store, me: &Person, query: &str) -> Vec<String> {
    let (me, query) = (UserId::parse(&me.id).unwrap(), Query::parse(query).unwrap());
    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let page = store
            .search(&me, &query, SearchBy::Any, 3, after.as_ref())
            .await
            .unwrap();
        names.extend(page.items.iter().map(|found| found.user.name.as_str().to_owned()));
        after = page.next;
        if after.is_none() {
            names.sort();
            return names;
        }
    }
}

fn all_of_it() -> reindex::Options {
    reindex::Options {
        segments: 3,
        rate: 100_000,
        again: false,
    }
}

async fn people(world: &World) -> Person {
    let aiko = world.person("Aiko Mori").await;
    for number in 0..20 {
        world.person(&format!("Tanaka {number:02}")).await;
    }
    world.person("田中 太郎").await;
    world.idle().await;
    aiko
}

#[tokio::test]
async fn everybody_is_found_once_before_while_and_after_a_reindex() {
    let world = World::start().await;
    let aiko = people(&world).await;
    let table = Table::of(&world);
    let before = found(&table.store(), &aiko, "tanaka").await;
    assert_eq!(before.len(), 20);

    table.age().await;
    assert_eq!(
        found(&table.store(), &aiko, "tanaka").await,
        before,
        "of the older version"
    );
    assert_eq!(found(&table.store(), &aiko, "田中").await, ["田中 太郎"]);

    // A run that is cut short at the tenth person.
    let (store, all) = (table.store(), Segment { number: 0, of: 1 });
    let (begun, tenth) = (AtomicUsize::new(0), Notify::new());
    let pace = || async {
        if begun.fetch_add(1, Ordering::Relaxed) == 9 {
            tenth.notify_one();
            std::future::pending::<()>().await;
        }
    };
    let nothing_yet = SegmentProgress::default();
    tokio::select! {
        _ = store.reindex_page(all, &nothing_yet, pace) => panic!("it is not cut short"),
        () = tenth.notified() => {}
    }
    let profiles = table.items("sk = :value", "PROFILE").await;
    let moved = profiles
        .iter()
        .filter(|profile| profile.contains_key("folding"))
        .count();
    assert_eq!(moved, 9);
    assert_eq!(found(&table.store(), &aiko, "tanaka").await, before, "of both versions");

    let report = reindex(&table.store(), &all_of_it(), &|_, _| ())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(report.people, 22 - 9);
    assert_eq!(
        found(&table.store(), &aiko, "tanaka").await,
        before,
        "of the newer version"
    );
    let older = |entry: &&Item| !text(entry, "pk").starts_with(&format!("NAME#{}#", folding::VERSION));
    assert_eq!(table.entries().await.iter().filter(older).count(), 0);
    assert_eq!(table.store().complete_folding().await.unwrap(), folding::VERSION);
    assert_eq!(reindex(&table.store(), &all_of_it(), &|_, _| ()).await.unwrap(), None);
    world.idle().await;
}

#[tokio::test]
async fn a_name_that_is_changed_meanwhile_is_found_by_the_new_one_only() {
    let world = World::start().await;
    let aiko = world.person("Aiko Mori").await;
    let ben = world.person("Ben Abcock").await;
    let table = Table::of(&world);
    table.age().await;
    ben.patch("/me", json!({"name": "Carl Zander"})).await.expect(200);
    for _ in ["before", "after"] {
        assert_eq!(found(&table.store(), &aiko, "abcock").await, [""; 0]);
        assert_eq!(found(&table.store(), &aiko, "zander").await, ["Carl Zander"]);
        reindex(&table.store(), &all_of_it(), &|_, _| ()).await.unwrap();
    }
    world.idle().await;
}

#[tokio::test]
async fn a_name_that_folded_to_something_else_is_found_afterwards() {
    let world = World::start().await;
    let aiko = world.person("Aiko Mori").await;
    let person = world.person("\u{9ad9}橋 一郎").await;
    let table = Table::of(&world);
    table.age().await;
    // The older version kept this form of the kanji apart.
    for entry in table.entries().await {
        if text(&entry, "user_id") == person.id {
            let mut older = entry.clone();
            older.insert("words".to_owned(), s(text(&entry, "words").replace("高", "\u{9ad9}")));
            table.put(older.clone()).await;
            let place = |name: &str| text(&entry, name).replace("高", "\u{9ad9}");
            table.move_to(&older, &place("pk"), &place("sk")).await;
        }
    }
    assert_eq!(found(&table.store(), &aiko, "高橋").await, [""; 0]);
    reindex(&table.store(), &all_of_it(), &|_, _| ()).await.unwrap();
    assert_eq!(found(&table.store(), &aiko, "高橋").await, ["\u{9ad9}橋 一郎"]);
    world.idle().await;
}

#[tokio::test]
async fn places_by_name_are_put_in_order_too() {
    let world = World::start().await;
    let aiko = world.person("Aiko Mori").await;
    let ben = world.person("Ben Abcock").await;
    aiko.connect(&ben).await;
    let colleague = json!({"name": "Dai Oka", "email": "dai@people.example", "organization": "Aoba"});
    let dai = world.register(colleague).await;
    world.idle().await;
    let table = Table::of(&world);
    table.age().await;
    for mut pair in table.items("begins_with(list_sk, :value)", "ben").await {
        pair.insert("list_sk".to_owned(), s(format!("older#{}", ben.id)));
        table.put(pair).await;
    }
    for member in table.items("begins_with(sk, :value)", "MEMBER#").await {
        table
            .move_to(&member, text(&member, "pk"), &format!("MEMBER#older#{}", dai.id))
            .await;
    }
    let report = reindex(&table.store(), &all_of_it(), &|_, _| ())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(report.moved, 1);
    world.idle().await;
    let members = table.items("begins_with(sk, :value)", "MEMBER#").await;
    let places: Vec<&str> = members.iter().map(|member| text(member, "sk")).collect();
    assert_eq!(places, [format!("MEMBER#dai oka#{}", dai.id)]);
    assert_eq!(table.items("begins_with(list_sk, :value)", "older").await.len(), 0);
}
