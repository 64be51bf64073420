//! What `cargo run` furnishes: the product on an AWS of this machine, in one process on 127.0.0.1.
//!
//! - [`options`], [`stack`]: the command line; starting and stopping, the data folder, the product's functions
//! - [`people`]: registering them, importing them from a file, people to play with
//! - [`sign_in`]: the issuer and its tokens
//! - [`control`]: the calls under `/_local`, and who may make them
//! - [`mailbox`]: the pages that show the mail
//! - [`html`]: what all pages have in common, and the page of links; [`welcome`]: what is printed at the start

pub mod control;
pub mod html;
pub mod mailbox;
pub mod options;
pub mod people;
pub mod sign_in;
pub mod stack;
pub mod welcome;

pub use options::Options;
pub use people::import;
pub use stack::{Stack, start, start_error::StartError};
