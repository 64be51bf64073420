//! Pages of lists.

use serde::{Deserialize, Serialize};

/// One page. It may be short, even empty, and still have a next one.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one begins.
    pub next: Option<Position>,
}

/// Where a page begins: behind the item with these keys.
///
/// It names items that the caller may not know of, so it leaves the service only sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The segment of a list that has more than one.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
    /// Primary key, then key of the index, of the item before; none at the start of a segment.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
}

impl Position {
    /// The same place, in a segment of the list.
    pub(crate) fn within(self, segment: &str) -> Self {
        Self {
            segment: Some(segment.to_owned()),
            ..self
        }
    }
}
