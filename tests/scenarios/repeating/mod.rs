//! The same POST again.

mod after_changes;
mod keys;
mod posts;
mod sizes;
