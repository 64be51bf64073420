//! The development sign-in: an issuer and its tokens.

pub mod issuer;
pub mod tokens;
