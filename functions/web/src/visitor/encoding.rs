//! Which encoding an answer is in, and whether the client has it already.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// An encoding of a body, those that are preferred first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// `br`
    Brotli,
    /// `gzip`
    Gzip,
    /// As it is.
    Identity,
}

impl Encoding {
    /// The one of those offered that `Accept-Encoding` wants most; on a par, the first; as it is if none is wanted.
    pub(crate) fn wanted(headers: &HeaderMap, offered: impl IntoIterator<Item = Self>) -> Self {
        let accepted: Vec<_> = values(headers, header::ACCEPT_ENCODING).map(range).collect();
        let quality = |encoding: Self| {
            let of = |name: &str| {
                let found = accepted.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
                found.map(|(_, quality)| *quality)
            };
            // What is not named is not wanted, but for the body as it is, which is what is left then.
            let unnamed = u16::from(encoding == Self::Identity);
            of(encoding.name()).or_else(|| of("*")).unwrap_or(unnamed)
        };
        let mut best = (Self::Identity, 0);
        for encoding in offered {
            let quality = quality(encoding);
            if quality > best.1 {
                best = (encoding, quality);
            }
        }
        best.0
    }

    fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }

    /// The strong tag of content with such a hash: each encoding has its own bytes, so its own tag.
    pub(crate) fn etag(self, hash: &str) -> String {
        match self {
            Self::Identity => format!("\"{hash}\""),
            encoding => format!("\"{hash}-{}\"", encoding.name()),
        }
    }

    /// Says in an answer's headers which it is.
    pub(crate) fn name_in(self, headers: &mut HeaderMap) {
        if self != Self::Identity {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(self.name()));
        }
    }
}

/// Whether `If-None-Match` has the tag.
pub(crate) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    values(headers, header::IF_NONE_MATCH)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}

fn values(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(str::trim)
}

/// A range of `Accept-Encoding` or `Accept-Language`, and its quality in thousandths: 0 for one that cannot be read.
pub(crate) fn range(text: &str) -> (&str, u16) {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let quality = match quality.map(str::parse::<f32>) {
        None => 1_000,
        Some(Ok(quality)) if (0.0..=1.0).contains(&quality) => (quality * 1_000.0) as u16,
        Some(_) => 0,
    };
    (name, quality)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(accepted: &[&str]) -> Encoding {
        let mut headers = HeaderMap::new();
        for value in accepted {
            headers.append(header::ACCEPT_ENCODING, value.parse().unwrap());
        }
        Encoding::wanted(&headers, [Encoding::Brotli, Encoding::Gzip, Encoding::Identity])
    }

    #[test]
    fn the_encoding_is_the_one_wanted_more() {
        for (accepted, expected) in [
            (&["gzip, deflate, br, zstd"][..], Encoding::Brotli),
            (&["gzip, deflate"], Encoding::Gzip),
            (&["gzip", "br"], Encoding::Brotli),
            (&["BR;Q=0.5, GZIP"], Encoding::Gzip),
            (&["br;q=0.5, gzip;q=0.50"], Encoding::Brotli),
            (&["br;q=0, gzip;q=0.1"], Encoding::Gzip),
            (&["br;q=0, *"], Encoding::Gzip),
            (&["*"], Encoding::Brotli),
            (&["*;q=0"], Encoding::Identity),
            (&["gzip;q=0.5, identity"], Encoding::Identity),
            (&["identity;q=0.2, gzip;q=0.1"], Encoding::Identity),
            (&["gzip;q=nonsense"], Encoding::Identity),
            (&["br;q=7"], Encoding::Identity),
            (&["deflate, zstd"], Encoding::Identity),
            (&["brotli"], Encoding::Identity),
            (&[";;,,="], Encoding::Identity),
            (&[""], Encoding::Identity),
            (&[], Encoding::Identity),
        ] {
            assert_eq!(wanted(accepted), expected, "{accepted:?}");
        }
    }

    #[test]
    fn a_tag_is_known_by_itself_only() {
        let known = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, value.parse().unwrap());
            is_known(&headers, &Encoding::Gzip.etag("1f"))
        };
        for value in ["\"1f-gzip\"", "W/\"1f-gzip\"", "\"other\", \"1f-gzip\"", "*"] {
            assert!(known(value), "{value}");
        }
        for value in ["\"1f\"", "\"1f-br\"", "1f-gzip", "\"\"", ""] {
            assert!(!known(value), "{value}");
        }
    }
}
