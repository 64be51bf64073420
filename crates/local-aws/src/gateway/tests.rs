use std::collections::BTreeMap;

use lambda_runtime::LambdaEvent;

use super::{authorizer::tests::Issuer, *};
use crate::lambda::{Function, Functions};

/// A gateway whose function returns its event, and a token for it.
fn gateway_with_token() -> (Arc<Gateway>, String) {
    let clock = Arc::new(Clock::open(None).unwrap());
    let issuer = Issuer::new(clock.clone());
    let echo = Function::event(|event: LambdaEvent<Value>| async move {
        Ok::<_, String>(json!({
            "statusCode": 201, "headers": {"x-a": "1"}, "cookies": ["c=1", "d=2"],
            "body": event.payload.to_string(), "isBase64Encoded": false,
        }))
    });
    let panics = Function::event(|event: LambdaEvent<Value>| async move {
        assert!(event.payload.is_null());
        Ok::<_, String>(json!(null))
    });
    let functions = Functions::InProcess(Arc::new(BTreeMap::from([("echo", echo), ("panics", panics)])));
    let gateway = Gateway {
        routes: vec![
            Route::new("ANY", "/a/{id}", "echo", true),
            Route::new("ANY", "/public", "echo", false),
            Route::new("ANY", "/panics", "panics", false),
        ],
        authorizer: issuer.authorizer(),
        invoker: Invoker::new(functions, BTreeMap::new(), clock.clone()),
        clock,
        preparing: AtomicBool::new(false),
    };
    (Arc::new(gateway), issuer.token())
}

fn gateway() -> Arc<Gateway> {
    gateway_with_token().0
}

async fn send(
    gateway: &Arc<Gateway>,
    request: http::request::Builder,
    body: impl Into<Body>,
) -> (http::response::Parts, Value) {
    let peer = ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 9)));
    let response = serve(State(gateway.clone()), peer, request.body(body.into()).unwrap()).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn a_request_becomes_the_event_of_payload_format_2() {
    let (gateway, token) = gateway_with_token();
    let request = Request::post("/a/x%20y?q=1&q=%E3%81%82&r=")
        .header("Authorization", format!("Bearer {token}"))
        .header("Content-Type", "application/json")
        .header("X-Twice", "1")
        .header("X-Twice", "2")
        .header("Cookie", "a=1; b=2")
        .header("X-Forwarded-For", "6.6.6.6");
    let (parts, event) = send(&gateway, request, "{\"あ\":1}").await;
    assert_eq!(parts.status, 201);
    assert_eq!(parts.headers["x-a"], "1");
    assert_eq!(parts.headers.get_all("set-cookie").iter().count(), 2);
    assert_eq!(event["version"], "2.0");
    assert_eq!(event["routeKey"], "ANY /a/{id}");
    assert_eq!(event["rawPath"], "/a/x y");
    assert_eq!(event["rawQueryString"], "q=1&q=%E3%81%82&r=");
    assert_eq!(event["queryStringParameters"], json!({"q": "1,あ", "r": ""}));
    assert_eq!(event["pathParameters"], json!({"id": "x y"}));
    assert_eq!(event["cookies"], json!(["a=1", "b=2"]));
    assert_eq!(event["headers"]["x-twice"], "1,2");
    assert_eq!(event["headers"]["x-forwarded-for"], "6.6.6.6, 127.0.0.1");
    assert!(event["headers"].get("cookie").is_none());
    assert_eq!(
        (&event["body"], &event["isBase64Encoded"]),
        (&json!("{\"あ\":1}"), &json!(false))
    );
    let context = &event["requestContext"];
    assert_eq!(context["http"]["method"], "POST");
    assert_eq!(context["http"]["sourceIp"], "127.0.0.1");
    assert_eq!(context["stage"], "$default");
    assert_eq!(context["authorizer"]["jwt"]["claims"]["sub"], "somebody");
    assert!(context["authorizer"]["jwt"]["claims"]["exp"].is_string());
    assert!(context["authorizer"]["jwt"]["scopes"].is_null());
}

/// Captures of live HTTP APIs: aws/aws-lambda-dotnet PR #1901, honojs/hono #2156, fastify/aws-lambda-fastify #169.
#[tokio::test]
async fn l06_a_path_is_handed_on_decoded_and_a_query_as_it_came() {
    let (gateway, token) = gateway_with_token();
    for (asked, path, id, query) in [
        ("/a/%41", "/a/A", "A", ""),
        ("/a/T%3Futm_source%3Dx", "/a/T?utm_source=x", "T?utm_source=x", ""),
        ("/a/T%23x?q=%41%20b", "/a/T#x", "T#x", "q=%41%20b"),
        ("/a/%E3%80%82", "/a/。", "。", ""),
        ("/a/%2541", "/a/%41", "%41", ""),
        ("/a/%FF%zz", "/a/\u{FFFD}%zz", "\u{FFFD}%zz", ""),
    ] {
        let request = Request::get(asked).header("Authorization", format!("Bearer {token}"));
        let (_, event) = send(&gateway, request, Body::empty()).await;
        assert_eq!(event["rawPath"], path, "{asked}");
        assert_eq!(event["requestContext"]["http"]["path"], path, "{asked}");
        assert_eq!(event["pathParameters"], json!({"id": id}), "{asked}");
        assert_eq!(event["rawQueryString"], query, "{asked}");
    }
    let (parts, _) = send(&gateway, Request::get("/a/x%2Fy"), Body::empty()).await;
    assert_eq!(parts.status, 404, "two segments, for which there is no route");
}

#[tokio::test]
async fn bodies_that_are_no_text_come_as_base64() {
    let gateway = gateway();
    for (content_type, body, expected) in [
        ("application/x-www-form-urlencoded", b"a=b".to_vec(), json!("YT1i")),
        ("application/json", vec![0xff], json!("/w==")),
        ("image/png", b"a=b".to_vec(), json!("YT1i")),
    ] {
        let (_, event) = send(
            &gateway,
            Request::post("/public").header("Content-Type", content_type),
            body,
        )
        .await;
        assert_eq!(
            (&event["body"], &event["isBase64Encoded"]),
            (&expected, &json!(true)),
            "{content_type}"
        );
    }
    let (_, event) = send(&gateway, Request::get("/public"), Body::empty()).await;
    assert!(event.get("body").is_none());
    assert!(event["requestContext"].get("authorizer").is_none());
}

#[tokio::test]
async fn a_route_with_the_authoriser_wants_a_good_token() {
    let gateway = gateway();
    let (parts, body) = send(&gateway, Request::get("/a/1"), Body::empty()).await;
    assert_eq!(
        (parts.status.as_u16(), &body),
        (401, &json!({"message": "Unauthorized"}))
    );
    assert_eq!(parts.headers["www-authenticate"], "Bearer");
    for bad in ["Bearer x", "Bearer ", "Basic YTpi", "x.y.z"] {
        let (parts, body) = send(
            &gateway,
            Request::get("/a/1").header("Authorization", bad),
            Body::empty(),
        )
        .await;
        assert_eq!(
            (parts.status.as_u16(), body),
            (401, json!({"message": "Unauthorized"})),
            "{bad}"
        );
    }
    let with_bad_token = Request::get("/public").header("Authorization", "Bearer x");
    assert_eq!(
        send(&gateway, with_bad_token, Body::empty()).await.0.status,
        201,
        "public"
    );
}

#[tokio::test]
async fn the_gateway_answers_what_no_function_can() {
    let gateway = gateway();
    let (parts, body) = send(&gateway, Request::get("/nothing"), Body::empty()).await;
    assert_eq!((parts.status.as_u16(), body), (404, json!({"message": "Not Found"})));
    let (parts, body) = send(&gateway, Request::get("/panics"), Body::empty()).await;
    assert_eq!(
        (parts.status.as_u16(), body),
        (500, json!({"message": "Internal Server Error"}))
    );
    let (parts, body) = send(&gateway, Request::post("/public"), vec![b' '; BODY_LIMIT + 1]).await;
    assert_eq!(
        (parts.status.as_u16(), body),
        (413, json!({"message": "Request Entity Too Large"}))
    );
}

#[tokio::test]
async fn a_body_that_lambda_does_not_take_is_too_large() {
    const MEGABYTE: usize = 1024 * 1024;
    let gateway = gateway();
    // As text it counts as it is, as base64 a third more; a quotation mark in text becomes two bytes.
    for (content_type, byte, megabytes, status) in [
        ("application/json", b'x', 5, 201),
        ("application/json", b'x', 7, 413),
        ("application/json", b'"', 4, 413),
        ("application/x-www-form-urlencoded", b'x', 4, 201),
        ("application/x-www-form-urlencoded", b'x', 5, 413),
    ] {
        let request = Request::post("/public").header("Content-Type", content_type);
        let (parts, body) = send(&gateway, request, vec![byte; megabytes * MEGABYTE]).await;
        assert_eq!(parts.status, status, "{megabytes} MB, {content_type}");
        if status == 413 {
            assert_eq!(body, json!({"message": "Request Entity Too Large"}));
        }
    }
}

#[test]
fn the_length_is_that_of_the_body_or_for_head_what_the_function_says() {
    let answer = json!({"statusCode": 200, "headers": {"content-length": "123"}, "body": "four"});
    let get = response_of(&Method::GET, answer.clone());
    assert!(get.headers().get("content-length").is_none(), "the server's");
    let head = response_of(&Method::HEAD, answer);
    assert_eq!(head.headers()["content-length"], "123");
}

#[test]
fn answers_of_every_form_are_read() {
    assert_eq!(response_of(&Method::GET, json!({"hello": 1})).status(), 200);
    assert_eq!(response_of(&Method::GET, json!({"statusCode": 99_999})).status(), 500);
    assert_eq!(
        response_of(&Method::GET, json!({"statusCode": 200, "headers": {"a b": "c"}})).status(),
        500
    );
    assert_eq!(
        response_of(
            &Method::GET,
            json!({"statusCode": 200, "body": "!", "isBase64Encoded": true})
        )
        .status(),
        500
    );
    let multiple = response_of(
        &Method::GET,
        json!({"statusCode": 204, "multiValueHeaders": {"vary": ["a", "b"]}}),
    );
    assert_eq!(multiple.headers().get_all("vary").iter().count(), 2);
}
