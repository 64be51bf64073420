//! The URLs that are mailed and shared: built from configuration, never from a request's `Host`.

use std::fmt;

use super::LinkToken;
use crate::Invalid;

/// Where the pages of the service are: `https://contacts.example`.
///
/// The same value goes into HTML, text and a header of a mail, and nothing escapes what is filled in there. So
/// only characters that mean nothing in any of them are allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkBase(String);

impl LinkBase {
    /// Reads the setting; slashes at its end are dropped.
    ///
    /// # Errors
    /// `invalid_url`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        const INVALID: Invalid = Invalid::new(
            "invalid_url",
            "http:// or https://, then at most 200 of the characters A-Z a-z 0-9 . : / _ ~ -",
        );
        let text = text.trim_end_matches('/');
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let rest = rest.ok_or(INVALID)?;
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b".:/_~-".contains(&b);
        if (1..=200).contains(&rest.len()) && rest.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(INVALID)
        }
    }

    /// The setting, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The page of an invitation.
    pub fn invitation(&self, token: &LinkToken) -> LinkUrl {
        LinkUrl(format!("{}/i/{}", self.0, token.as_str()))
    }

    /// The page on which mails are stopped and abuse is reported.
    pub fn unsubscribe(&self, token: &LinkToken) -> LinkUrl {
        LinkUrl(format!("{}/u/{}", self.0, token.as_str()))
    }
}

/// A link with its token.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkUrl(String);

impl LinkUrl {
    /// The URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Redacted: the token is a secret.
impl fmt::Debug for LinkUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkUrl(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_cannot_break_out_of_html_or_a_header() {
        for good in [
            "https://contacts.example",
            "http://127.0.0.1:3000/",
            "https://a.example/contacts",
        ] {
            assert!(LinkBase::parse(good).is_ok(), "{good:?}");
        }
        for bad in [
            "",
            "https://",
            "contacts.example",
            "javascript:alert(1)",
            "https://a\"b",
            "https://a>b",
            "https://a b",
            "https://a\r\nb",
            "https://a/{{link}}",
            "https://a&b",
            "https://日本.jp",
            &format!("https://{}", "a".repeat(201)),
        ] {
            assert!(LinkBase::parse(bad).is_err(), "{bad:?}");
        }
    }
}
