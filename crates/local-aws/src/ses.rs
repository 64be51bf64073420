//! SES as functions meet it: counted, with the faults that a test asks for. Mail is kept, and never sent.

mod capture;
mod faults;
mod mail;
mod mail_event;
mod request;

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, State},
    response::Response,
    routing::{MethodRouter, any},
};
use http::Method;

pub use capture::Ses;
pub use faults::SesFault;
pub use mail::{Mail, MailError, MailStore};
pub use mail_event::MailEvent;

pub(crate) use capture::SesResponse;

use crate::{
    calls::Calls,
    clients::{hang_up, wire},
};

/// The capture, counted. Cheap to clone.
#[derive(Clone)]
pub struct SimpleEmail {
    /// The capture.
    pub ses: Arc<Ses>,
    /// Where calls are counted.
    pub calls: Arc<Calls>,
}

impl SimpleEmail {
    /// One call.
    pub(crate) async fn call(&self, method: &str, path: &str, body: &[u8]) -> SesResponse {
        let operation = Ses::operation(method, path);
        self.calls.note_rights(operation, body);
        self.calls.add(operation, 0.0, 0.0);
        let (answer, delay) = self.ses.call(method, path, body);
        tokio::time::sleep(delay).await;
        answer
    }
}

/// SES's API, version 2, for other processes, at a path that ends in `/v2/{*rest}`; signatures are not looked at.
pub fn endpoint<S>(email: SimpleEmail) -> MethodRouter<S> {
    any(serve).with_state(email)
}

async fn serve(State(email): State<SimpleEmail>, Path(rest): Path<String>, method: Method, body: Bytes) -> Response {
    match email.call(method.as_str(), &format!("/v2/{rest}"), &body).await {
        SesResponse::Response {
            status,
            body,
            exception,
        } => wire(status, body.to_string().into_bytes(), exception.as_deref()),
        SesResponse::HangUp => hang_up(),
    }
}
