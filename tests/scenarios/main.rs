//! What people do, through the HTTP API of the running stack.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by a panic")]

mod blocks;
mod contact_requests;
mod finding_people;
mod inviting_by_email;
mod redeeming_links;
