//! What people do, through the HTTP API of the running stack.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by a panic")]

mod bad_input;
mod blocks;
mod contact_requests;
mod costs;
mod finding_people;
mod idempotent_posts;
mod invitation_costs;
mod inviting_by_email;
mod races;
mod mail;
mod redeeming_links;
mod share_links;
mod unsubscribing;
