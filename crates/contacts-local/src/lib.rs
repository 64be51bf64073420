//! What `cargo run` furnishes: the product on an AWS of this machine, in one process on 127.0.0.1.

pub mod administration;
pub mod callers;
pub mod control;
pub mod demo;
pub mod folder;
pub mod html;
pub mod idle;
pub mod import;
pub mod issuer;
pub mod local_calls;
pub mod mailbox;
pub mod mime;
pub mod options;
pub mod people;
pub mod problem;
pub mod stack;
pub mod start_error;
pub mod store_administration;
pub mod tokens;
pub mod wiring;

pub use options::Options;
pub use stack::{Stack, start};
pub use start_error::StartError;
