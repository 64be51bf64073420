//! The local stack: everything that AWS is for the product, in one process on 127.0.0.1.
//!
//! - [`options`], [`stack`], [`start_error`]: the command line; starting and stopping
//! - [`template`], [`routes`], [`filter`]: what `infra/template.yaml` says
//! - [`folder`], [`clock`]: the data folder and its lock; the clock that can be moved
//! - [`engine`], [`faults`], [`calls`]: DynamoDB
//! - [`ses`], [`mail`], [`mail_events`]: SES, the mail that it took, and what it publishes about it
//! - [`mailbox`], [`mime`]: the pages that show the mail
//! - [`connector`]: the AWS SDK's way to both
//! - [`functions`], [`wiring`]: calling functions; the product's ones
//! - [`gateway`], [`event`], [`tokens`]: the HTTP API and its authoriser
//! - [`stream`], [`schedule`], [`mailer`]: what starts the mailer
//! - [`issuer`], [`people`], [`administration`], [`store_administration`]: signing in and registering
//! - [`control`], [`local_calls`], [`callers`], [`problem`], [`html`]: the calls and pages under `/_local`, and who
//!   may make them
//! - [`import`], [`demo`]: people from a file; people to play with

pub mod administration;
pub mod callers;
pub mod calls;
pub mod clock;
pub mod connector;
pub mod control;
pub mod demo;
pub mod engine;
pub mod event;
pub mod faults;
pub mod filter;
pub mod folder;
pub mod functions;
pub mod gateway;
pub mod html;
pub mod import;
pub mod issuer;
pub mod local_calls;
pub mod mail;
pub mod mail_events;
pub mod mailbox;
pub mod mailer;
pub mod mime;
pub mod options;
pub mod people;
pub mod problem;
pub mod routes;
pub mod schedule;
pub mod ses;
mod ses_request;
pub mod stack;
pub mod start_error;
pub mod store_administration;
pub mod stream;
pub mod template;
mod template_yaml;
pub mod tokens;
pub mod wiring;

pub use options::Options;
pub use stack::{Stack, start};
pub use start_error::StartError;
