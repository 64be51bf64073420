//! An AWS on this machine, in one process: what a SAM template describes, without the network. It knows nothing of
//! the product that it serves: names of tables, functions and routes come from the template and from who starts it.
//!
//! - [`template`]: what is read from a SAM template
//! - [`dynamodb`]: the table, with counted calls and faults that a test asks for
//! - [`ses`]: takes mail as SES does, and keeps it
//! - [`clients`]: the AWS SDK's way to both; [`calls`] counts what it asks
//! - [`lambda`]: calling functions, in process or through `cargo lambda watch`
//! - [`gateway`]: the HTTP API and its authoriser
//! - [`events`]: what calls functions by itself: the table's stream and the schedules
//! - [`clock`], [`file`]: the time of all this, which can be moved; the files that keep it

pub mod calls;
pub mod clients;
pub mod clock;
pub mod dynamodb;
pub mod events;
pub mod file;
pub mod gateway;
pub mod lambda;
pub mod ses;
pub mod template;

/// The region of everything here.
pub const REGION: &str = "ap-northeast-1";

/// The account of everything here.
pub const ACCOUNT: &str = "000000000000";
