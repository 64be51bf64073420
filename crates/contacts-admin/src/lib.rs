//! What operators do with the table of a deployment, with credentials of their own: one file a command.
//!
//! A command is a function of the store and its options, so that the local stack and tests call it as `main` does. It
//! can be stopped at any time, and goes on where it was when it is started again.

pub mod reindex;
