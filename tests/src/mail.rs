//! What is in a captured mail.

use serde_json::Value;

/// The token of the mail's button.
pub fn invite_token(mail: &Value) -> String {
    token_after(mail, "/i/")
}

/// The token of the mail's unsubscribe link.
pub fn unsubscribe_token(mail: &Value) -> String {
    token_after(mail, "/u/")
}

/// The 43 characters behind a place that is in text and HTML alike.
#[expect(clippy::panic, reason = "a mail without its links is a failed test")]
fn token_after(mail: &Value, place: &str) -> String {
    let find = |part: &str| -> Option<String> {
        let (_, rest) = mail[part].as_str()?.split_once(place)?;
        Some(
            rest.chars()
                .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
                .collect(),
        )
    };
    match (find("text"), find("html")) {
        (Some(text), Some(html)) if text == html && text.len() == 43 => text,
        found => panic!("no one token behind {place}: {found:?}"),
    }
}
