//! What its log says at `debug`, and what it never says: nothing of what people write, are called or are mailed.

use std::process::Stdio;

use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

use crate::{Folder, Running, program};

/// Parts of all that people write here, each of them a word that nothing else has in it: whatever encodes a text
/// leaves it whole.
const WORDS: [&str; 18] = [
    "zorbaxann",
    "quillonwen",
    "ziggurben",
    "pluvialnew",
    "yonderguest",
    "xylocopaguest",
    "wombatguest",
    "Zebrafinch",
    "Quokkawen",
    "Numbatben",
    "Kakaponew",
    "velvetreading",
    "handleofann",
    "handleofben",
    "messageofrequest",
    "messageofinvitation",
    "wordsofanorganisation",
    "strayinput",
];

/// The calls of one person, or of nobody; keeps each token that an answer has in it.
struct Caller<'a> {
    stack: &'a Running,
    token: String,
}

impl Caller<'_> {
    async fn send(&self, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
        self.send_with(method, path, body.to_string(), HeaderMap::new()).await
    }

    async fn send_with(&self, method: &str, path: &str, body: String, headers: HeaderMap) -> (StatusCode, Value) {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self
            .stack
            .client
            .request(method, format!("{}{path}", self.stack.origin));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        let request = request.header("content-type", "application/json").headers(headers);
        let answer = request.body(body).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    async fn expect(&self, status: u16, method: &str, path: &str, body: Value) -> Value {
        let (answered, said) = self.send(method, path, body).await;
        assert_eq!(answered.as_u16(), status, "{method} {path}: {said}");
        said
    }
}

async fn registered<'a>(stack: &'a Running, person: Value) -> Caller<'a> {
    let nobody = Caller {
        stack,
        token: String::new(),
    };
    let said = nobody.expect(201, "POST", "/_local/users", person).await;
    Caller {
        stack,
        token: said["access_token"].as_str().unwrap().to_owned(),
    }
}

/// The tokens of links in an answer: 43 characters after `/i/` or `/u/`.
fn link_tokens(said: &Value) -> Vec<String> {
    let text = said.to_string();
    let after = |place| text.match_indices(place).map(|(at, _)| text[at + 3..].chars());
    let tokens = ["/i/", "/u/"].into_iter().flat_map(after);
    tokens
        .map(|rest| {
            rest.take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
                .collect::<String>()
        })
        .filter(|token| token.len() == 43)
        .collect()
}

/// Search, a request with a message, and what follows from it.
async fn people_meet(ann: &Caller<'_>, ben: &Caller<'_>) {
    for query in [
        "q=Numbat",
        "q=ziggurben@mail.example&by=email",
        "q=handleofben&by=chatwork_id",
    ] {
        let found = ann.expect(200, "GET", &format!("/users?{query}"), json!(null)).await;
        assert_eq!(found["users"].as_array().unwrap().len(), 1, "{query}: {found}");
    }
    let request = json!({"chatwork_id": "handleofben", "message": "messageofrequest, said Ann"});
    let sent = ann.expect(201, "POST", "/contact-requests", request).await;
    let id = sent["request"]["request_id"].as_str().unwrap();
    ben.expect(200, "POST", &format!("/contact-requests/{id}/accept"), json!({}))
        .await;
    ben.expect(200, "GET", "/contacts", json!(null)).await;
    ben.expect(200, "PATCH", "/me", json!({"reading": "velvetreading"}))
        .await;
}

/// Invitations in bulk, with trouble at SES and the table; the mail's links; a guest who signs up. Returns secrets.
async fn guests_are_invited(stack: &Running, ann: &Caller<'_>, nobody: &Caller<'_>) -> Vec<String> {
    let trouble = json!([
        {"status": "ACCOUNT_THROTTLED", "times": 1}, {"error": "MessageRejected", "times": 1},
        {"error": "InternalServiceErrorException", "times": 1}, {"timeout": true, "times": 1},
    ]);
    nobody.expect(204, "POST", "/_local/ses/faults", trouble).await;
    let invitation = json!({
        "emails": ["yonderguest@guest.example", "not.an.address.strayinput"],
        "text": "Wombat <wombatguest@guest.example>\nxylocopaguest@guest.example, pluvialnew@mail.example",
        "message": "messageofinvitation: come", "locale": "en",
    });
    ann.expect(202, "POST", "/invitations", invitation).await;
    // Each moves what waits for its next attempt.
    for _ in 0..4 {
        nobody
            .expect(200, "POST", "/_local/clock", json!({"advance_seconds": 7_200}))
            .await;
        nobody.expect(200, "POST", "/_local/idle", json!({})).await;
    }
    nobody.expect(204, "DELETE", "/_local/ses/faults", json!(null)).await;
    let ann = Caller {
        stack,
        token: stack.token("zorbaxann@mail.example").await,
    };
    let again = json!({"emails": ["yonderguest2@guest.example"], "message": "messageofinvitation"});
    ann.expect(202, "POST", "/invitations", again).await;
    nobody.expect(200, "POST", "/_local/idle", json!({})).await;
    let listed = ann.expect(200, "GET", "/invitations", json!(null)).await;
    let ids = listed["invitations"].as_array().unwrap().iter();
    let mut secrets: Vec<String> = ids
        .map(|invitation| invitation["invitation_id"].as_str().unwrap().to_owned())
        .collect();
    assert!(secrets.len() > 3, "{listed}");
    let mail = nobody.expect(200, "GET", "/_local/mail", json!(null)).await;
    let tokens = link_tokens(&mail);
    assert!(tokens.len() > 1, "{mail}");
    for token in &tokens {
        for path in [
            format!("/i/{token}"),
            format!("/u/{token}"),
            format!("/invite-links/{token}"),
        ] {
            nobody.send("GET", &path, json!(null)).await;
        }
    }
    let form = "List-Unsubscribe=One-Click".to_owned();
    let mut headers = HeaderMap::new();
    headers.insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
    nobody
        .send_with("POST", &format!("/u/{}", tokens[0]), form, headers)
        .await;
    let new = json!({"name": "Kakaponew Person", "email": "pluvialnew@mail.example", "locale": "en"});
    let new = registered(stack, new).await;
    nobody.expect(200, "POST", "/_local/idle", json!({})).await;
    secrets.push(new.token.clone());
    secrets.push(ann.token.clone());
    secrets.extend(tokens);
    secrets
}

/// A share link, opened, redeemed and rotated. Returns its tokens.
async fn a_link_is_shared(stack: &Running, nobody: &Caller<'_>) -> Vec<String> {
    let ann = Caller {
        stack,
        token: stack.token("zorbaxann@mail.example").await,
    };
    let wen = json!({"name": "Quokkawen Person", "email": "quillonwen@mail.example"});
    let wen = registered(stack, wen).await;
    let link = ann
        .expect(
            201,
            "POST",
            "/share-links",
            json!({"enabled": true, "approval": "automatic"}),
        )
        .await;
    let token = link_tokens(&link).remove(0);
    nobody.expect(200, "GET", &format!("/i/{token}"), json!(null)).await;
    wen.expect(200, "GET", &format!("/invite-links/{token}"), json!(null))
        .await;
    wen.expect(200, "POST", &format!("/invite-links/{token}/redemptions"), json!({}))
        .await;
    let id = link["link_id"].as_str().unwrap();
    let rotated = ann
        .expect(200, "POST", &format!("/share-links/{id}/rotate"), json!({}))
        .await;
    let mut secrets = link_tokens(&rotated);
    secrets.extend([token, ann.token.clone(), wen.token.clone()]);
    secrets
}

/// Things where they do not belong, and a table in trouble.
async fn everything_goes_wrong(stack: &Running, nobody: &Caller<'_>) {
    let ann = Caller {
        stack,
        token: stack.token("zorbaxann@mail.example").await,
    };
    let stray = "strayinput@mail.example";
    for caller in [&ann, nobody] {
        for path in [
            format!("/contacts/{stray}"),
            format!("/blocks/{stray}"),
            format!("/{stray}"),
            format!("/i/{stray}"),
            format!("/users?{stray}=1"),
            format!("/users?q=a&by={stray}"),
            format!("/contacts?cursor={stray}"),
            format!("/assets/{stray}"),
            format!("/invitations/{stray}"),
        ] {
            for method in ["GET", "POST", "strayinput"] {
                caller.send(method, &path, json!({"strayinput": stray})).await;
            }
        }
        for body in [
            format!("{{\"emails\": [\"{stray}\"], "),
            format!("\"{stray}\""),
            json!({"emails": {stray: 1}}).to_string(),
            json!({"user_id": stray, "message": 7}).to_string(),
            json!({"message": stray, "locale": stray}).to_string(),
        ] {
            for path in [
                "/invitations",
                "/contact-requests",
                "/share-links",
                "/me",
                "/invitations/preview",
            ] {
                let mut headers = HeaderMap::new();
                headers.insert("idempotency-key", stray.parse().unwrap());
                headers.insert("user-agent", stray.parse().unwrap());
                caller.send_with("POST", path, body.clone(), headers).await;
            }
        }
    }
    let forged = Caller {
        stack,
        token: "strayinput.forged.token".to_owned(),
    };
    forged.expect(401, "GET", "/me", json!(null)).await;
    for (error, status) in [
        ("unreachable", 503),
        ("ProvisionedThroughputExceededException", 503),
        ("ValidationException", 500),
    ] {
        let fault = json!([{"error": error, "times": 20}]);
        nobody.expect(204, "POST", "/_local/dynamodb/faults", fault).await;
        ann.expect(status, "GET", "/users?q=Numbat", json!(null)).await;
        nobody
            .expect(204, "DELETE", "/_local/dynamodb/faults", json!(null))
            .await;
    }
    let fault = json!([{"error": "TransactionConflict", "times": 2}]);
    nobody.expect(204, "POST", "/_local/dynamodb/faults", fault).await;
    ann.expect(200, "PATCH", "/me", json!({"name": "Zebrafinch Again"}))
        .await;
}

#[tokio::test]
async fn nothing_of_people_is_in_the_log_at_debug() {
    let folder = Folder::new();
    let log = folder.path("log");
    let mut program = program(&["--memory"]);
    program
        .env("RUST_LOG", "trace")
        .stderr(Stdio::from(std::fs::File::create(&log).unwrap()));
    let stack = Running::of(program);
    let nobody = Caller {
        stack: &stack,
        token: String::new(),
    };
    let ann = json!({
        "name": "Zebrafinch Person", "email": "zorbaxann@mail.example", "chatwork_id": "handleofann",
        "organization": "wordsofanorganisation", "locale": "en",
    });
    let ben = json!({"name": "Numbatben Person", "email": "ziggurben@mail.example", "chatwork_id": "handleofben"});
    let (ann, ben) = (registered(&stack, ann).await, registered(&stack, ben).await);
    people_meet(&ann, &ben).await;
    let mut secrets = guests_are_invited(&stack, &ann, &nobody).await;
    secrets.extend(a_link_is_shared(&stack, &nobody).await);
    everything_goes_wrong(&stack, &nobody).await;
    secrets.extend([ann.token, ben.token].into_iter().chain(WORDS.map(str::to_owned)));
    assert_eq!(stack.interrupt().code(), Some(0), "Ctrl-C");

    let log = std::fs::read_to_string(log).unwrap();
    let lower = log.to_lowercase();
    for secret in secrets {
        let found = lower.find(&secret.to_lowercase());
        let line = found.map(|at| lower[..at].lines().count());
        assert_eq!(
            line,
            None,
            "{secret} is in the log: {:?}",
            line.and_then(|line| log.lines().nth(line - 1))
        );
    }
    assert!(!log.contains('@'), "no address of anybody");
    for (whose, words) in [
        ("the gateway", &["GET /users 200 in ", " ms"][..]),
        ("the gateway", &["POST /invite-links/{token}/redemptions 200 in "]),
        (
            "a request",
            &[
                "route=\"GET /users\"",
                "outcome=\"done\" status=200 ",
                " calls=",
                "request_id=\"",
            ],
        ),
        ("a refusal", &["outcome=\"refused\" status=422 code=\"invalid_input\""]),
        ("a failure", &["outcome=\"failed\" status=503 code=\"unavailable\""]),
        ("a word for a method", &["route=\"(other) /"]),
        (
            "the trigger",
            &["route=\"PostConfirmation_ConfirmSignUp\"", "outcome=\"done\""],
        ),
        ("the stream", &["route=\"stream\"", "outcome=\"done\""]),
        ("a mail", &["invitation=", "outcome=\"sent\" mailed=true"]),
        ("a mail that waits", &["invitation=", "outcome=\"throttled\""]),
    ] {
        let is_there = log.lines().any(|line| words.iter().all(|word| line.contains(word)));
        assert!(is_there, "{whose}: no line with {words:?} in\n{log}");
    }
}

#[tokio::test]
async fn a_person_sees_where_to_go_and_then_a_line_for_each_request() {
    let folder = Folder::new();
    let log = folder.path("log");
    let mut program = program(&["--data", &folder.path("data")]);
    program
        .env_remove("RUST_LOG")
        .stderr(Stdio::from(std::fs::File::create(&log).unwrap()));
    let stack = Running::of(program);
    assert_eq!(stack.printed[0], format!("Open {}", stack.origin));
    let aiko = stack.token("aiko@demo.example").await;
    let (_, _, me) = stack.get("/me", &aiko).await;
    let (status, _, _) = stack
        .get(&format!("/contacts/{}", me["user_id"].as_str().unwrap()), &aiko)
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let page = stack
        .client
        .get(&stack.origin)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let at = page.find("/assets/").unwrap();
    let asset: String = page[at..].chars().take_while(|c| !"\"'?# ".contains(*c)).collect();
    let (status, _, _) = stack.get(&asset, "").await;
    assert_eq!(status, StatusCode::OK, "{asset}");
    assert_eq!(stack.interrupt().code(), Some(0), "Ctrl-C");
    let log = std::fs::read_to_string(log).unwrap();
    let lines: Vec<&str> = log.lines().map(str::trim).collect();
    assert_eq!(lines.len(), 3, "neither the demo data nor the asset:\n{log}");
    for (line, begin) in lines
        .iter()
        .zip(["GET /me 200", "GET /contacts/{user_id} 404", "GET / 200"])
    {
        assert!(
            line.starts_with(&format!("INFO {begin} in ")) && line.ends_with(" ms"),
            "{log}"
        );
    }
}

/// The lines between "TOKEN=" and the end, run by a shell: they work as they are printed.
#[test]
fn the_printed_example_works_as_pasted() {
    let folder = Folder::new();
    let data = folder.path("data");
    let people = folder.write("people.csv", "name,email\nBea,bea@example.org\n");
    assert!(crate::run(&["--data", &data, "import", &people]).status.success());
    let pasted = |arguments: &[&str], who: &str| {
        let stack = Running::start(arguments);
        let lines: Vec<&str> = stack.printed.iter().map(|line| line.trim()).collect();
        let from = lines.iter().position(|line| line.starts_with("TOKEN=")).unwrap();
        let script = lines[from..from + 2].join("\n");
        let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(said["email"], who, "{script}");
        assert_eq!(stack.interrupt().code(), Some(0), "Ctrl-C");
    };
    pasted(&["--memory"], "ann@demo.example");
    // Nobody of the demo people is in a folder that began with an import; the second time, Ann is.
    pasted(&["--data", &data], "ann@demo.example");
    pasted(&["--data", &data], "ann@demo.example");
    pasted(&["--data", &folder.path("new")], "aiko@demo.example");
}
