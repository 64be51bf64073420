//! What the pages load. The address of a file carries its content's hash, so that it may be kept for ever and a page
//! never meets another version's script: it has a map from the names by which scripts import each other to these
//! addresses. The build script makes the table and the map.

use std::sync::LazyLock;

use axum::{
    body::Bytes,
    extract::{Path, rejection::PathRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use contacts_http::{Problem, response::HandlerResult};

use crate::visitor::encoding::{Encoding, is_known};

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// A file, as it is and compressed.
#[derive(Debug)]
pub(crate) struct Asset {
    /// Where it is.
    pub(crate) path: &'static str,
    content_type: &'static str,
    hash: &'static str,
    identity: &'static [u8],
    /// Only where it is smaller.
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
    /// Where all is that a script imports before it runs.
    pub(crate) imports: &'static [&'static str],
}

/// The pages' icon, as an address that holds it: no page asks once more for it.
pub(crate) fn icon() -> &'static str {
    static ICON: LazyLock<String> = LazyLock::new(|| {
        let svg = String::from_utf8_lossy(ICON_SVG.identity);
        let escaped: String = form_urlencoded::byte_serialize(svg.trim().as_bytes()).collect();
        format!("data:image/svg+xml,{}", escaped.replace('+', "%20"))
    });
    &ICON
}

/// `GET /favicon.ico`, which feed readers and previews ask for without having read a page.
pub(crate) async fn favicon() -> Redirect {
    Redirect::temporary(PICTURES_TOUCH_ICON_PNG.path)
}

pub(crate) async fn serve(path: Result<Path<String>, PathRejection>, headers: HeaderMap) -> HandlerResult {
    let Path(path) = path.map_err(|_| Problem::not_found())?;
    let asset = ALL
        .iter()
        .find(|asset| asset.path.strip_prefix("/assets/") == Some(path.as_str()));
    Ok(asset.ok_or_else(Problem::not_found)?.answer(&headers))
}

impl Asset {
    fn answer(&self, headers: &HeaderMap) -> Response {
        let (encoding, content) = self.content(headers);
        let etag = encoding.etag(self.hash);
        let known = is_known(headers, &etag);
        let fixed = [
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
            (header::VARY, "accept-encoding".to_owned()),
            (header::ETAG, etag),
        ];
        if known {
            return (StatusCode::NOT_MODIFIED, fixed).into_response();
        }
        let content_type = [(header::CONTENT_TYPE, self.content_type)];
        let mut response = (fixed, content_type, Bytes::from_static(content)).into_response();
        encoding.name_in(response.headers_mut());
        response
    }

    /// The content in the encoding that is wanted most, of those that it is in.
    fn content(&self, headers: &HeaderMap) -> (Encoding, &'static [u8]) {
        let compressed = [(Encoding::Brotli, self.brotli), (Encoding::Gzip, self.gzip)];
        let offered = compressed
            .into_iter()
            .filter_map(|(encoding, content)| Some((encoding, content?)))
            .chain([(Encoding::Identity, self.identity)]);
        let offered: Vec<_> = offered.collect();
        let wanted = Encoding::wanted(headers, offered.iter().map(|(encoding, _)| *encoding));
        let found = offered.into_iter().find(|(encoding, _)| *encoding == wanted);
        found.unwrap_or((Encoding::Identity, self.identity))
    }
}
