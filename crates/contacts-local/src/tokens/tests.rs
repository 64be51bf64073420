use std::time::Duration;

use super::*;

fn tokens() -> (Tokens, Arc<Clock>) {
    let clock = Arc::new(Clock::open(None).unwrap());
    (
        Tokens::open(None, "http://issuer".to_owned(), clock.clone()).unwrap(),
        clock,
    )
}

#[test]
fn the_gateway_takes_both_tokens_for_an_hour() {
    let (tokens, clock) = tokens();
    let authorizer = tokens.authorizer().unwrap();
    let user = UserId::parse("aiko").unwrap();
    let access = tokens.issue(&user).unwrap();
    let id = tokens.issue_id_token(&user, Some("n")).unwrap();
    assert_eq!(authorizer.verify(&access).unwrap()["client_id"], CLIENT_ID);
    let claims = authorizer.verify(&id).unwrap();
    assert_eq!((&claims["sub"], &claims["nonce"]), (&json!("aiko"), &json!("n")));
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        LIFETIME_SECONDS
    );
    clock.advance(Duration::from_secs(3_670)).unwrap();
    assert!(authorizer.verify(&access).is_err());
}

#[test]
fn another_key_is_another_issuer() {
    let (tokens, _) = tokens();
    let foreign = self::tokens().0.issue(&UserId::parse("aiko").unwrap()).unwrap();
    assert!(tokens.authorizer().unwrap().verify(&foreign).is_err());
}
