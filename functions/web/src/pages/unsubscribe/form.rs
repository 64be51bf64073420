//! The fields of a posted form.
//!
//! Mail clients that unsubscribe by one click send either of the two form types, as RFC 8058 allows.

use axum::http::{HeaderMap, StatusCode, header};
use contacts_http::Problem;

/// Fields in their order.
pub(crate) type Fields = Vec<(String, String)>;

/// Reads a form.
pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Fields, Problem> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let (kind, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    match kind.trim().to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" => Ok(form_urlencoded::parse(body).into_owned().collect()),
        "multipart/form-data" => multipart(parameters, body)
            .ok_or_else(|| Problem::unreadable("", "invalid_form", "The body is not multipart/form-data.")),
        _ => Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "A body is application/x-www-form-urlencoded or multipart/form-data.",
        )),
    }
}

/// Reads parts of plain text; that is all that these forms have.
fn multipart(parameters: &str, body: &[u8]) -> Option<Fields> {
    let boundary = parameter(parameters, "boundary").filter(|boundary| (1..=70).contains(&boundary.len()))?;
    let (delimiter, body) = (
        format!("\r\n--{boundary}"),
        format!("\r\n{}", std::str::from_utf8(body).ok()?),
    );
    let mut parts = body.split(&delimiter).skip(1);
    let mut fields = Fields::new();
    loop {
        let part = parts.next()?;
        if part.starts_with("--") {
            return Some(fields);
        }
        let (head, value) = part.strip_prefix("\r\n")?.split_once("\r\n\r\n")?;
        let disposition = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
        })?;
        fields.push((parameter(disposition, "name")?.to_owned(), value.to_owned()));
    }
}

fn parameter<'a>(text: &'a str, wanted: &str) -> Option<&'a str> {
    let mut parameters = text.split(';').filter_map(|parameter| parameter.split_once('='));
    let (_, value) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))?;
    let value = value.trim();
    Some(
        value
            .strip_prefix('"')
            .and_then(|value| value.strip_suffix('"'))
            .unwrap_or(value),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(content_type: &str, body: &str) -> Option<Fields> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        read(&headers, body.as_bytes()).ok()
    }

    fn one(name: &str, value: &str) -> Option<Fields> {
        Some(vec![(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn both_form_types_are_read() {
        let click = one("List-Unsubscribe", "One-Click");
        assert_eq!(
            form("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
            click
        );
        assert_eq!(
            form(
                "Application/X-WWW-Form-Urlencoded; charset=utf-8",
                "List-Unsubscribe=One-Click"
            ),
            click
        );
        let body = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
        for content_type in [
            "multipart/form-data; boundary=b",
            "multipart/form-data; charset=utf-8; Boundary=\"b\"",
        ] {
            assert_eq!(form(content_type, body), click, "{content_type}");
        }
        let two = "--b\r\ncontent-disposition: form-data; name=a\r\nContent-Type: text/plain\r\n\r\n1\r\n2\r\n\
                   --b\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\n\r\n--b--";
        let expected = vec![("a".to_owned(), "1\r\n2".to_owned()), ("c".to_owned(), String::new())];
        assert_eq!(form("multipart/form-data; boundary=b", two), Some(expected));
    }

    #[test]
    fn a_broken_multipart_body_is_refused() {
        for body in [
            "",
            "--b",
            "--b\r\n",
            "--b\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end",
            "--c\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--c--",
        ] {
            assert_eq!(form("multipart/form-data; boundary=b", body), None, "{body:?}");
        }
        assert_eq!(form("multipart/form-data", "--b--"), None);
        assert_eq!(form("multipart/form-data; boundary=", "--b--"), None);
    }
}
