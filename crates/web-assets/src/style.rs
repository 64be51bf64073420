//! Style sheets in one piece.

use super::{Sources, resolve};

/// The names that a style sheet imports, and the lines that do.
pub(crate) fn imports(source: &str) -> impl Iterator<Item = (&str, &str)> {
    source.lines().filter_map(|line| {
        let name = line.trim().strip_prefix("@import")?;
        Some((line, name.trim().trim_end_matches(';').trim_matches(['"', '\''])))
    })
}

/// A style sheet with those that it imports in the place of the imports.
pub(crate) fn inline(name: &str, sources: &Sources, on_the_way: &[&str]) -> Result<String, String> {
    if on_the_way.contains(&name) {
        return Err(format!("assets/{name}: imports itself"));
    }
    let source = sources
        .texts
        .get(name)
        .ok_or_else(|| format!("assets/{name}: not there"))?;
    let on_the_way: Vec<_> = on_the_way.iter().copied().chain([name]).collect();
    let mut whole = source.clone();
    for (line, imported) in imports(source) {
        let path = resolve(name, imported)?;
        whole = whole.replacen(line, inline(&path, sources, &on_the_way)?.trim_end(), 1);
    }
    Ok(whole)
}
