//! What every HTTP function shares.
//!
//! - [`api`]: the state of a function's routes, and the layers around them
//! - [`caller`]: who is calling, from the claims that the gateway's authoriser has checked
//! - [`problem`]: errors as RFC 9457 documents; the one place where errors become statuses
//! - [`input`]: bodies and queries as values, idempotency keys, and each error of an input at its place
//! - [`paging`]: `limit`, and cursors sealed with the service's secret
//! - [`path`]: ids in paths
//! - [`answer`]: JSON answers
//! - [`configuration`], [`start`]: what the `main` of a function reads and runs
//! - [`shapes`]: what more than one function shows

pub mod api;
pub mod caller;
pub mod configuration;
pub mod input;
pub mod paging;
pub mod path;
pub mod problem;
pub mod response;
pub mod shapes;
pub mod start;

pub use api::Api;
pub use caller::Caller;
pub use input::Command;
pub use input::query::Query;
pub use paging::PageRequest;
pub use problem::Problem;
pub use response::json;
