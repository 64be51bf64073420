//! What is malformed, unknown or forged.

mod bodies;
mod queries;
mod tokens;
