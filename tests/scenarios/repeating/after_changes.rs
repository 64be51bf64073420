//! The same POST again when everything that its answer shows has changed.

use contacts_tests::{
    DAY, Person, Reply, World,
    links::{path_of, token_of},
};
use serde_json::{Value, json};

/// A call that was made, and what it was answered.
struct Made {
    by: Person,
    path: String,
    body: Value,
    answer: Reply,
}

/// Every call that was made under a key of its own.
#[derive(Default)]
struct Calls(Vec<Made>);

impl Calls {
    fn key(number: usize) -> String {
        format!("key-{number}")
    }

    async fn post(&mut self, by: &Person, path: String, body: Value) -> Value {
        let answer = by.post_once(&Self::key(self.0.len()), &path, body.clone()).await;
        assert!(answer.status < 300, "{path}: {}", answer.text);
        let json = answer.json.clone();
        let by = by.clone();
        self.0.push(Made { by, path, body, answer });
        json
    }

    /// Makes each again, which writes nothing and answers the same bytes.
    async fn are_answered_as_before(&self, world: &World) {
        for (number, Made { by, path, body, answer }) in self.0.iter().enumerate() {
            let by = world.sign_in(by).await;
            // What the mailer does beside it would be counted too.
            world.idle().await;
            let (again, cost) = world.count(by.post_once(&Self::key(number), path, body.clone())).await;
            assert_eq!((again.status, &again.text), (answer.status, &answer.text), "{path}");
            assert_eq!(
                again.headers.get("content-type"),
                answer.headers.get("content-type"),
                "{path}"
            );
            assert_eq!(cost.write_units(), 0.0, "{path}: {cost:?}");
        }
    }
}

/// One call of each POST that takes a key, and their people.
async fn every_post(world: &World) -> (Calls, [Person; 4]) {
    let mut calls = Calls::default();
    let [aiko, ben, chika, daisuke] = [
        world.person("Aiko").await,
        world.person("Ben").await,
        world.person("Chika").await,
        world.person("Daisuke").await,
    ];
    let id = |sent: &Value| sent["request"]["request_id"].as_str().unwrap().to_owned();

    // A resend is possible a day after the mail, and keys are kept for a day: the oldest comes first.
    let resent = aiko.invited("resent@guest.example").await;
    world.idle().await;
    world.pass(DAY + 60).await;
    let [aiko, ben, chika, daisuke] = [
        world.sign_in(&aiko).await,
        world.sign_in(&ben).await,
        world.sign_in(&chika).await,
        world.sign_in(&daisuke).await,
    ];
    calls.post(&aiko, format!("{resent}/resend"), json!({})).await;
    let greeting = json!({"user_id": ben.id, "message": "Hello, Ben"});
    let to_ben = calls
        .post(&aiko, "/contact-requests".to_owned(), greeting.clone())
        .await;
    calls.post(&aiko, "/contact-requests".to_owned(), greeting).await;
    let accept = format!("/contact-requests/{}/accept", id(&to_ben));
    calls.post(&ben, accept, json!({})).await;
    let by_id = json!({"user_id": aiko.id});
    calls.post(&ben, "/contact-requests".to_owned(), by_id).await;
    let to_chika = calls
        .post(&aiko, "/contact-requests".to_owned(), json!({"user_id": chika.id}))
        .await;
    let decline = format!("/contact-requests/{}/decline", id(&to_chika));
    calls.post(&chika, decline, json!({"mode": "never"})).await;
    let pasted = json!({
        "text": format!("one@guest.example\nnonsense\n{}\n{}\none@guest.example", ben.email, aiko.email),
        "message": "Join us",
    });
    calls.post(&aiko, "/invitations".to_owned(), pasted.clone()).await;
    let mut rehearsed = pasted;
    rehearsed["dry_run"] = json!(true);
    calls.post(&aiko, "/invitations".to_owned(), rehearsed).await;
    let link = calls
        .post(
            &aiko,
            "/share-links".to_owned(),
            json!({"name": "Card", "approval": "automatic"}),
        )
        .await;
    let flyer = calls
        .post(
            &aiko,
            "/share-links".to_owned(),
            json!({"name": "Flyer", "max_uses": 9}),
        )
        .await;
    calls
        .post(&aiko, format!("{}/rotate", path_of(&flyer)), json!({}))
        .await;
    let redemptions = format!("/invite-links/{}/redemptions", token_of(&link));
    calls.post(&daisuke, redemptions, json!({})).await;
    (calls, [aiko, ben, chika, daisuke])
}

#[tokio::test]
async fn each_post_is_answered_as_before_after_time_names_counts_and_links_have_changed() {
    let world = World::start().await;
    let (calls, [aiko, ben, chika, daisuke]) = every_post(&world).await;
    calls.are_answered_as_before(&world).await;

    for (number, person) in [&aiko, &ben, &chika, &daisuke].into_iter().enumerate() {
        let changed = json!({
            "name": format!("Changed {number}"),
            "chatwork_id": format!("changed_{number}"),
            "reading": "かわる",
        });
        person.patch("/me", changed).await.expect(200);
    }
    for link in aiko.share_links().await {
        aiko.patch(
            &path_of(&link),
            json!({"name": "Changed", "max_uses": 3, "enabled": false}),
        )
        .await
        .expect(200);
    }
    aiko.invited("more@guest.example").await;
    let emma = world.person("Emma").await;
    emma.connect(&aiko).await;
    world.pass(DAY / 2).await;
    let [aiko, ben] = [world.sign_in(&aiko).await, world.sign_in(&ben).await];
    calls.are_answered_as_before(&world).await;

    for link in aiko.share_links().await {
        assert_eq!(aiko.delete(&path_of(&link)).await.status, 204);
    }
    for invitation in aiko.list("/invitations", "invitations").await {
        let path = format!("/invitations/{}", invitation["invitation_id"].as_str().unwrap());
        assert_eq!(aiko.delete(&path).await.status, 204, "{invitation}");
    }
    assert_eq!(aiko.delete(&format!("/contacts/{}", ben.id)).await.status, 204);
    ben.block(&aiko).await;
    calls.are_answered_as_before(&world).await;
}
