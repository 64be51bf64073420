//! The fields of a posted form.
//!
//! Mail programs that unsubscribe by one click send either of the two form types, as RFC 8058 allows; some name another
//! type, or none, or end lines in their own way. What cannot be read has no fields.

use axum::http::{HeaderMap, header};

/// Fields in their order, without white space around their values.
pub(crate) type Fields = Vec<(String, String)>;

/// Reads a form.
pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Fields {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let (kind, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    let mut fields = if kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        multipart(parameters, &String::from_utf8_lossy(body))
    } else {
        form_urlencoded::parse(body).into_owned().collect()
    };
    for (name, value) in &mut fields {
        *name = name.trim().to_owned();
        *value = value.trim().to_owned();
    }
    fields
}

/// Reads parts of plain text; that is all that these forms have.
fn multipart(parameters: &str, body: &str) -> Fields {
    let body = format!("\n{}", body.replace("\r\n", "\n"));
    let named = parameter(parameters, "boundary").filter(|boundary| !boundary.is_empty());
    // Without its name, what the first line is.
    let first_line = || body.lines().find_map(|line| line.strip_prefix("--"));
    let Some(boundary) = named.or_else(first_line) else {
        return Fields::new();
    };
    let delimiter = format!("\n--{boundary}");
    let parts = body.split(&delimiter).skip(1);
    let read = |part: &str| {
        let (head, value) = part.split_once("\n\n")?;
        let disposition = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
        })?;
        Some((parameter(disposition, "name")?.to_owned(), value.to_owned()))
    };
    parts.filter_map(read).collect()
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

    fn form(content_type: &str, body: &str) -> Fields {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        read(&headers, body.as_bytes())
    }

    fn one(name: &str, value: &str) -> Fields {
        vec![(name.to_owned(), value.to_owned())]
    }

    #[test]
    fn both_form_types_are_read() {
        let click = one("List-Unsubscribe", "One-Click");
        for content_type in [
            "application/x-www-form-urlencoded",
            "Application/X-WWW-Form-Urlencoded; charset=utf-8",
        ] {
            assert_eq!(
                form(content_type, "List-Unsubscribe=One-Click"),
                click,
                "{content_type}"
            );
        }
        let body = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
        for content_type in [
            "multipart/form-data; boundary=b",
            "multipart/form-data; charset=utf-8; Boundary=\"b\"",
        ] {
            assert_eq!(form(content_type, body), click, "{content_type}");
        }
        let two = "--b\r\ncontent-disposition: form-data; name=a\r\nContent-Type: text/plain\r\n\r\n1\r\n2\r\n\
                   --b\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\n\r\n--b--";
        let expected = vec![("a".to_owned(), "1\n2".to_owned()), ("c".to_owned(), String::new())];
        assert_eq!(form("multipart/form-data; boundary=b", two), expected);
    }

    #[test]
    fn m01_a_form_is_read_whatever_its_type_and_its_line_ends() {
        let click = one("List-Unsubscribe", "One-Click");
        for content_type in [
            "",
            "text/plain",
            "application/octet-stream",
            "application/x-www-form-urlencoded",
        ] {
            for end in ["", "\n", "\r\n", "\r\n\r\n"] {
                let body = format!("List-Unsubscribe=One-Click{end}");
                assert_eq!(form(content_type, &body), click, "{content_type} {end:?}");
            }
        }
        let part = "Content-Disposition: form-data; name=\"List-Unsubscribe\"";
        for (parameters, body) in [
            ("; boundary=b", format!("--b\n{part}\n\nOne-Click\n--b--\n")),
            ("; boundary=b", format!("--b\r\n{part}\r\n\r\nOne-Click")),
            (
                "; boundary=b",
                format!("preamble\r\n--b\r\n{part}\r\n\r\nOne-Click\r\n--b--"),
            ),
            ("; boundary=", format!("--b\r\n{part}\r\n\r\nOne-Click\r\n--b--")),
            ("", format!("--b\r\n{part}\r\n\r\nOne-Click\r\n--b--")),
        ] {
            assert_eq!(
                form(&format!("multipart/form-data{parameters}"), &body),
                click,
                "{body:?}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_has_no_fields() {
        for body in [
            "",
            "--b",
            "--b\r\n",
            "--b\r\n\r\nx\r\n--b--",
            "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
            "--c\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--c--",
        ] {
            assert_eq!(form("multipart/form-data; boundary=b", body), Fields::new(), "{body:?}");
        }
        assert_eq!(form("multipart/form-data", "nothing"), Fields::new());
    }
}
