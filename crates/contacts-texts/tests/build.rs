//! The tests of the build script's parts: Cargo runs none in a build script.

// Here a panic is a failed test.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

#[path = "../build/build.rs"]
#[allow(dead_code, clippy::print_stdout, reason = "its `main` is Cargo's to call")]
mod build;
