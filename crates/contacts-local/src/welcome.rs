//! What a started stack prints: where to go first, and a call to paste that works with what is there.

use contacts::EmailAddress;

use crate::Stack;

/// Whose token the example gets: one of the demo people, or whom the example itself registered before.
const KNOWN: [&str; 2] = ["aiko@demo.example", "ann@demo.example"];

/// What is printed. The first line begins with `Open`, and the last is `Ctrl-C ends it.`: scripts wait for them.
pub async fn welcome(stack: &Stack) -> String {
    let origin = stack.origin();
    let (example, call, body) = match somebody(stack).await {
        Some(email) => ("A token for curl:", "token", format!(r#"{{"email":"{email}"}}"#)),
        None => (
            "Nobody is registered yet. Somebody, with a token for curl:",
            "users",
            r#"{"name":"Ann Example","email":"ann@demo.example","locale":"en"}"#.to_owned(),
        ),
    };
    format!(
        "\
Open {origin}
No password is asked for: sign in as anybody, or sign up.

mailbox       {origin}/_local/mailbox
all the rest  {origin}/_local

{example}
  TOKEN=$(curl -s {origin}/_local/{call} -d '{body}' | sed 's/.*\"access_token\":\"\\([^\"]*\\).*/\\1/')
  curl -s {origin}/me -H \"Authorization: Bearer $TOKEN\"
Ctrl-C ends it."
    )
}

/// Somebody of whom the example can be; nobody too when the table cannot be read, which the log says.
async fn somebody(stack: &Stack) -> Option<&'static str> {
    for email in KNOWN {
        let address = EmailAddress::parse(email).ok()?;
        if let Ok(Some(_)) = stack.control().people.with_address(&address).await {
            return Some(email);
        }
    }
    None
}
