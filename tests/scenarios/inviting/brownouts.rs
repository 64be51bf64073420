//! A mail is sent twice at the most, whatever happens to the mails beside it.

use std::collections::HashMap;

use contacts_tests::{Person, World, answer};
use reqwest::Method;
use serde_json::{Value, json};

const MINUTE: u64 = 60;

/// Mails that SES accepted, by address.
async fn mails_by_address(world: &World) -> HashMap<String, usize> {
    let mut mails = HashMap::new();
    for mail in world.mailbox().await {
        let address = mail["to"].as_str().unwrap_or_default().to_owned();
        *mails.entry(address).or_default() += 1;
    }
    mails
}

async fn invite(inviter: &Person, addresses: &[String]) {
    let report = inviter.post("/invitations", json!({"emails": addresses})).await;
    assert_eq!(report.expect(202)["counts"]["queued"], addresses.len());
}

fn addresses(name: &str, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| format!("{name}{number}@guest.example"))
        .collect()
}

/// The same fault for each address.
fn for_each(addresses: &[String], fault: &Value) -> Value {
    let faults = addresses.iter().map(|address| {
        let mut fault = fault.clone();
        fault["to"] = json!(address);
        fault
    });
    faults.collect()
}

#[tokio::test]
async fn fault_01_new_mails_that_are_throttled_do_not_bring_back_those_that_were_sent_twice() {
    let world = World::start().await;
    let mut aiko = world.person("Aiko").await;
    let lost = addresses("lost", 5);
    let answers_lost = for_each(&lost, &json!({"timeout": "after", "times": 1_000}));
    world.break_ses(answers_lost.clone()).await;
    invite(&aiko, &lost).await;
    world.idle().await;
    world.pass(1_000).await;
    let mails = mails_by_address(&world).await;
    assert!(lost.iter().all(|address| mails.get(address) == Some(&2)), "{mails:?}");
    for round in 0..3 {
        aiko = world.sign_in(&aiko).await;
        let throttled = addresses(&format!("round-{round}-"), 20);
        let too_many = json!({"error": "TooManyRequestsException", "times": 1_000_000});
        world.break_ses(for_each(&throttled, &too_many)).await;
        invite(&aiko, &throttled).await;
        world.idle().await;
        world.pass(1_000).await;
        answer(world.request(Method::DELETE, "/_local/ses/faults")).await;
        world.break_ses(answers_lost.clone()).await;
        world.pass(MINUTE).await;
        let mails = mails_by_address(&world).await;
        for address in &lost {
            assert_eq!(mails.get(address), Some(&2), "{address} after round {round}");
        }
    }
}

/// For two hours SES throttles every other call, and takes the others without an answer.
#[tokio::test]
async fn fault_01_no_mail_of_a_brownout_is_sent_a_third_time() {
    let world = World::start().await;
    let mut aiko = world.person("Aiko").await;
    let every_other: Vec<Value> = (0..5_000)
        .flat_map(|_| {
            [
                json!({"error": "TooManyRequestsException", "times": 1}),
                json!({"timeout": "after", "times": 1}),
            ]
        })
        .collect();
    world.break_ses(json!(every_other)).await;
    let guests = addresses("guest", 600);
    for minute in guests.chunks(5) {
        invite(&aiko, minute).await;
        world.pass(MINUTE).await;
        aiko = world.sign_in(&aiko).await;
    }
    answer(world.request(Method::DELETE, "/_local/ses/faults")).await;
    for _ in 0..6 {
        world.pass(20 * MINUTE).await;
    }
    let mails = mails_by_address(&world).await;
    let thrice: Vec<_> = mails.iter().filter(|(_, mails)| **mails > 2).collect();
    assert!(thrice.is_empty(), "{thrice:?}");
    assert_eq!(mails.len(), guests.len(), "nobody is forgotten");
    let aiko = world.sign_in(&aiko).await;
    let queued = aiko.list("/invitations?state=queued", "invitations").await;
    assert!(queued.is_empty(), "{} still wait", queued.len());
}
