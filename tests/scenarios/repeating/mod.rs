//! The same POST again.

mod keys;
mod posts;
