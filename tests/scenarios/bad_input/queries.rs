//! Bad queries and cursors.

use contacts_tests::{Person, Reply, World};

use super::bodies::{flipped, nothing_written};

async fn nonsense_is_refused(aiko: &Person, list: &str, cursor: &str) {
    for nonsense in [
        "",
        "x",
        "AAAA",
        "%00",
        "%ff",
        &"A".repeat(4_000),
        &cursor[1..],
        &format!("{cursor}A"),
    ] {
        let answered = aiko.get(&format!("{list}&cursor={nonsense}")).await;
        assert_eq!(answered.status, 400, "{list} {nonsense}: {}", answered.text);
        assert_eq!(answered.pointers(), ["/cursor"], "{list} {nonsense}");
    }
}

#[tokio::test]
async fn a_cursor_is_good_for_its_caller_and_list_only() {
    let world = World::without_mail().await;
    let (aiko, eve) = (world.person("Aiko").await, world.person("Eve").await);
    for number in 0..3 {
        let other = world.person(&format!("Zoe {number}")).await;
        aiko.send_request(&other).await;
        let other = world.person(&format!("Zoe {number}")).await;
        other.send_request(&aiko).await;
        eve.send_request(&other).await;
        aiko.block(&world.person("Blocked").await).await;
        aiko.connect(&world.person("Contact").await).await;
    }
    let lists = [
        "/users?q=zoe",
        "/users?q=zoe&by=name",
        "/users?q=zo",
        "/contacts?kind=external",
        "/contacts?",
        "/contact-requests?direction=incoming",
        "/contact-requests?direction=outgoing",
        "/blocks?",
    ];
    let mut cursors = Vec::new();
    for list in lists {
        let page = aiko.get(&format!("{list}&limit=1")).await.expect(200);
        let cursor = page["next_cursor"].as_str().map(str::to_owned).unwrap_or_default();
        assert!(!cursor.is_empty(), "{list} has a second page");
        cursors.push(cursor);
    }
    world.reset_calls().await;
    let refused = async |person: &Person, list: &str, cursor: &str| {
        let refused: Reply = person.get(&format!("{list}&cursor={cursor}")).await;
        assert_eq!(
            refused.problem(400),
            "invalid_cursor",
            "{list} {cursor}: {}",
            refused.text
        );
        assert_eq!(refused.pointers(), ["/cursor"], "{list}");
    };
    for (number, list) in lists.iter().enumerate() {
        let cursor = &cursors[number];
        aiko.get(&format!("{list}&limit=1&cursor={cursor}")).await.expect(200);
        aiko.get(&format!("{list}&limit=2&cursor={cursor}")).await.expect(200);
        refused(&eve, list, cursor).await;
        for (other, elsewhere) in cursors.iter().enumerate() {
            if other != number {
                refused(&aiko, list, elsewhere).await;
            }
        }
        for at in [0, 15, 20, cursor.len() / 2, cursor.len() - 2] {
            refused(&aiko, list, &flipped(cursor, at)).await;
        }
        nonsense_is_refused(&aiko, list, cursor).await;
        // Nothing of the position can be read from it.
        assert!(
            !cursor.contains("Zoe") && !cursor.contains('#') && cursor.len() > 60,
            "{cursor}"
        );
    }
    nothing_written(&world).await;
}

#[tokio::test]
async fn queries_are_checked_on_every_list() {
    let world = World::without_mail().await;
    let aiko = world.person("Aiko").await;
    world.reset_calls().await;
    for list in [
        "/users?q=zoe",
        "/contacts?kind=external",
        "/contact-requests?direction=incoming",
        "/blocks?limit=1",
    ] {
        for (field, status, pointer) in [
            ("limit=0", 422, "/limit"),
            ("limit=-1", 422, "/limit"),
            ("limit=101", 422, "/limit"),
            ("limit=1e1", 422, "/limit"),
            ("limit=", 422, "/limit"),
            ("unknown=1", 422, "/unknown"),
            ("%FF=1", 400, "/\u{fffd}"),
        ] {
            let list = list.trim_end_matches("limit=1");
            let refused = aiko.get(&format!("{list}&{field}")).await;
            refused.problem(status);
            assert_eq!(refused.pointers(), [pointer], "{list}&{field}");
        }
        let (name, value) = list.split_once('?').unwrap().1.split_once('=').unwrap();
        let twice = aiko.get(&format!("{list}&{name}={value}")).await;
        assert_eq!(
            (twice.problem(400), twice.pointers()),
            ("duplicate_field".to_owned(), vec![format!("/{name}")])
        );
    }
    for (path, pointer) in [
        ("/contacts?kind=friends", "/kind"),
        ("/contacts?q=", "/q"),
        ("/contact-requests?direction=both", "/direction"),
        ("/contact-requests?Direction=incoming", "/Direction"),
        ("/users?Q=aiko", "/Q"),
        ("/contacts/summary?x=1", "/x"),
        ("/me?x=1", "/x"),
    ] {
        let refused = aiko.get(path).await;
        refused.problem(422);
        assert_eq!(refused.pointers(), [pointer], "{path}");
    }
    nothing_written(&world).await;
}
