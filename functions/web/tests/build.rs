//! The tests of the build script's parts: Cargo runs none in a build script.

#[path = "../build/build.rs"]
#[allow(dead_code, clippy::print_stdout, reason = "its `main` is Cargo's to call")]
mod build;
