//! Bodies of the calls under `/_local`, with a pointer to what does not fit.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_path_to_error::Segment;

use crate::problem::{Fault, Problem};

/// Reads a JSON body: 400 when it is no JSON, 422 when it is not what is asked for.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let unreadable = || Problem::unreadable("the body is no JSON");
    match serde_path_to_error::deserialize(&mut reader) {
        Ok(input) => reader.end().map(|()| input).map_err(|_| unreadable()),
        // A number in the place of a word is a fault of syntax to serde_json.
        Err(error) if error.inner().is_data() || serde_json::from_slice::<IgnoredAny>(body).is_ok() => {
            Err(Problem::refused(vec![fault(&error)]))
        }
        Err(_) => Err(unreadable()),
    }
}

fn fault(error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    let segment = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    let place: String = error.path().iter().filter_map(segment).collect();
    let said = error.inner().to_string();
    // The name of a field that is missing, or stands twice, is between the first backquotes.
    let named = said.split('`').nth(1).unwrap_or_default();
    let (pointer, code, detail) = if said.starts_with("missing field") {
        (format!("{place}/{named}"), "missing", "is needed")
    } else if said.starts_with("duplicate field") {
        (format!("{place}/{named}"), "duplicate_field", "stands twice")
    } else if said.starts_with("unknown field") {
        (place, "unknown_field", "is not a field of this call")
    } else {
        (place, "wrong_type", "is not of the type that it must have")
    };
    Fault { pointer, code, detail }
}
