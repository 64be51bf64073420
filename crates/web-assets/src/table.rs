//! Writes the assets, compressed, and the table of them.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use super::bundle::Bundle;

/// Writes into the build's folder.
pub(crate) fn write(bundle: &Bundle, folder: &Path) -> Result<(), String> {
    let failed = |error: io::Error| format!("{}: {error}", folder.display());
    let (mut table, mut names) = (String::new(), String::new());
    for asset in &bundle.assets {
        let name = constant(&asset.source);
        let file = |encoding: &str| format!("{name}.{}{encoding}", asset.hash);
        let content = asset.content.as_slice();
        fs::write(folder.join(file("")), content).map_err(failed)?;
        let compressed = |encoding: &str, compress: fn(&[u8]) -> io::Result<Vec<u8>>| {
            let path = folder.join(file(encoding));
            // Of an earlier build, from the same content: compressing well takes a while.
            let kept = fs::metadata(&path).map(|kept| kept.len()).ok();
            let length = match kept {
                Some(length) => length,
                None => {
                    let bytes = compress(content)?;
                    // A build that is broken off leaves nothing behind that looks whole.
                    let part = path.with_extension("part");
                    fs::write(&part, &bytes)?;
                    fs::rename(&part, &path)?;
                    bytes.len() as u64
                }
            };
            Ok(if length < content.len() as u64 {
                format!("Some({})", include(&file(encoding)))
            } else {
                "None".to_owned()
            })
        };
        let brotli = compressed(".br", brotli).map_err(failed)?;
        let gzip = compressed(".gz", gzip).map_err(failed)?;
        table.push_str(&format!(
            "pub(crate) static {name}: Asset = Asset {{\n    path: {:?},\n    content_type: {:?},\n    hash: {:?},\n    \
             identity: {},\n    brotli: {brotli},\n    gzip: {gzip},\n    imports: &{:?},\n}};\n",
            asset.path,
            asset.content_type,
            asset.hash,
            include(&file("")),
            asset.imports,
        ));
        names.push_str(&format!("    &{name},\n"));
    }
    table.push_str(&format!(
        "/// All of them.\npub(crate) static ALL: &[&Asset] = &[\n{names}];\n\
         /// The text of the import map.\npub(crate) static IMPORT_MAP: &str = {:?};\n\
         /// What allows it in a Content Security Policy.\npub(crate) static IMPORT_MAP_SOURCE: &str = {:?};\n",
        bundle.import_map,
        format!("'sha256-{}'", STANDARD.encode(Sha256::digest(&bundle.import_map))),
    ));
    fs::write(folder.join("assets.rs"), table).map_err(failed)
}

/// `manage/main.js` is `MANAGE_MAIN_JS`.
fn constant(source: &str) -> String {
    let letter = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    source.chars().map(letter).collect()
}

fn include(file: &str) -> String {
    format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{file}\"))")
}

fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}
