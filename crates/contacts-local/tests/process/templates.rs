//! What it makes of an edited template.

use reqwest::StatusCode;
use serde_json::json;

use crate::{Folder, Running, refused, root};

/// The template with one text replaced, in a folder.
fn edited(folder: &Folder, from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(root().join("infra/template.yaml")).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from:?} in the template");
    folder.write("template.yaml", text.replace(from, to))
}

const ME: &str = "        Me: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /me, Method: ANY}}\n";

#[tokio::test]
async fn a_route_that_the_template_lacks_is_not_found() {
    let folder = Folder::new();
    let whole = Running::start(&["--memory"]);
    let (status, kind, body) = whole.get("/me", "").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        (kind.as_str(), body),
        ("application/json", json!({"message": "Unauthorized"})),
        "the gateway's own"
    );
    drop(whole);

    let stack = Running::start(&["--memory", "--template", &edited(&folder, ME, "")]);
    let (status, kind, body) = stack.get("/me", "").await;
    assert_eq!(status, StatusCode::NOT_FOUND, "{body}");
    assert_eq!(kind, "application/problem+json", "the answer of $default");
    let (status, _, _) = stack.get("/contacts", "").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "the other routes stand");
}

#[tokio::test]
async fn a_function_without_authoriser_refuses_by_itself() {
    let folder = Folder::new();
    let open = ME.replace("Method: ANY", "Method: ANY, Auth: {Authorizer: NONE}");
    let stack = Running::start(&["--memory", "--template", &edited(&folder, ME, &open)]);
    let registered = stack.client.post(format!("{}/_local/users", stack.origin));
    let person = json!({"name": "Ann", "email": "ann@demo.example"});
    let answer = registered.json(&person).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    // Also with a good token: what no authoriser has looked at counts for nothing.
    for token in [String::new(), stack.token("ann@demo.example").await] {
        let (status, kind, body) = stack.get("/me", &token).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{body}");
        assert_eq!(kind, "application/problem+json");
        assert_eq!(body["status"], 401, "{body}");
        assert!(
            body["code"].is_string() && body.get("message").is_none(),
            "the function's own: {body}"
        );
    }
}

#[tokio::test]
async fn a_parameter_is_what_its_default_says() {
    let folder = Folder::new();
    let none = "External contacts that a user may have. Empty - no limit.\n    Type: String\n    \
                AllowedPattern: ^[0-9]*$\n    Default: \"\"";
    let template = edited(&folder, none, &none.replace("Default: \"\"", "Default: \"7\""));
    let stack = Running::start(&["--memory", "--template", &template]);
    let registered = stack.client.post(format!("{}/_local/users", stack.origin));
    let person = json!({"name": "Ann", "email": "ann@demo.example"});
    let answer = registered.json(&person).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    let token = stack.token("ann@demo.example").await;
    let (_, _, summary) = stack.get("/contacts/summary", &token).await;
    assert_eq!(summary["contacts"]["external_limit"], 7, "{summary}");
}

#[test]
fn a_function_that_is_not_there_is_one_line() {
    let folder = Folder::new();
    let template = edited(&folder, "\n  UserSearch:\n", "\n  UserSeek:\n");
    refused(
        &["--memory", "--port", "0", "--template", &template],
        &[&template, "UserSeek", "user-search"],
    );
}
