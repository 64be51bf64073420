//! What people do, through the HTTP API of the running stack.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by a panic")]

mod bad_input;
mod costs;
mod faults;
mod finding;
mod inviting;
mod links;
mod profile;
mod races;
mod repeating;
mod requests;
mod rights;
mod shapes;
mod undone;
