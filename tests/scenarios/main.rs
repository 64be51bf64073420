//! What people do, through the HTTP API of the running stack.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by a panic")]

mod bad_input;
mod bad_queries;
mod bad_tokens;
mod blocks;
mod contact_requests;
mod contacts;
mod costs;
mod cut_short;
mod faults;
mod finding_imported_people;
mod finding_people;
mod idempotency;
mod idempotent_posts;
mod invitation_costs;
mod invitations;
mod inviting_by_email;
mod mail;
mod profile;
mod races;
mod redeeming_links;
mod rights;
mod share_links;
mod unsubscribing;
