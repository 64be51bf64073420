use std::time::Duration;

use super::*;

fn tokens(issuer: &str) -> (Tokens, Arc<StackClock>) {
    let clock = Arc::new(StackClock::open(None).unwrap());
    (Tokens::open(None, issuer.to_owned(), clock.clone()).unwrap(), clock)
}

fn sign(tokens: &Tokens, claims: Value) -> String {
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(tokens.0.kid.clone());
    jsonwebtoken::encode(&header, &claims, &tokens.0.encoding).unwrap()
}

#[test]
fn a_token_is_good_for_an_hour_and_the_leeway() {
    let (tokens, clock) = tokens("http://issuer");
    let token = tokens.issue(&UserId::parse("aiko").unwrap()).unwrap();
    assert_eq!(tokens.verify(&token).unwrap()["sub"], "aiko");
    clock.advance(Duration::from_secs(3_630)).unwrap();
    assert!(tokens.verify(&token).is_ok());
    clock.advance(Duration::from_secs(40)).unwrap();
    assert_eq!(tokens.verify(&token), Err(Refused("the token has expired")));
}

#[test]
fn tokens_of_others_are_refused() {
    let (tokens, _) = tokens("http://issuer");
    let (foreign, _) = self::tokens("http://issuer");
    let user = UserId::parse("aiko").unwrap();
    assert!(tokens.verify(&foreign.issue(&user).unwrap()).is_err(), "another key");
    let good = tokens.issue(&user).unwrap();
    let mut claims = tokens.verify(&good).unwrap();
    for (claim, value) in [
        ("iss", json!("http://other")),
        ("aud", json!("another-client")),
        ("aud", json!(["another-client"])),
        ("aud", json!(7)),
        ("exp", json!(1)),
        ("exp", json!("soon")),
        ("nbf", json!(99_999_999_999_u64)),
    ] {
        let mut wrong = claims.clone();
        wrong.insert(claim.to_owned(), value.clone());
        assert!(tokens.verify(&sign(&tokens, wrong.into())).is_err(), "{claim}: {value}");
    }
    claims.remove("aud");
    assert!(
        tokens.verify(&sign(&tokens, claims.clone().into())).is_ok(),
        "Cognito: client_id in place of aud"
    );
    claims.insert("client_id".to_owned(), json!("another-client"));
    assert!(tokens.verify(&sign(&tokens, claims.into())).is_err());
}

#[test]
fn broken_tokens_are_refused() {
    let (tokens, _) = tokens("http://issuer");
    let good = tokens.issue(&UserId::parse("aiko").unwrap()).unwrap();
    let parts: Vec<_> = good.split('.').collect();
    let none = "eyJhbGciOiJub25lIn0";
    for bad in [
        String::new(),
        "a.b.c".to_owned(),
        good[..good.len() - 4].to_owned(),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{none}.{}.", parts[1]),
        format!("{}.{}.{}", parts[0], parts[2], parts[2]),
        format!("{good}.x"),
    ] {
        assert!(tokens.verify(&bad).is_err(), "{bad}");
    }
}

#[test]
fn claims_are_handed_on_as_text() {
    let claims = json!({"a": "x", "b": 1, "c": true, "d": ["x", 1]});
    let text = claims_as_text(claims.as_object().unwrap());
    assert_eq!(text.values().collect::<Vec<_>>(), ["x", "1", "true", "[x 1]"]);
}
