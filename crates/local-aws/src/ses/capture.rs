//! The capture: takes `SendEmail` and `SendBulkEmail` as SES's API does, and keeps what it would send.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    faults::{CallFault, Faults, Results, SesFault},
    mail::{Mail, MailStore},
    request::{BulkEntry, BulkRequest, Refused, SendRequest, Template, address_of, pairs, rendered},
};
use crate::clock::Clock;

/// What the connector answers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SesResponse {
    /// An answer on the wire; the exception's name when it is one.
    Response {
        /// HTTP status.
        status: u16,
        /// The body.
        body: Value,
        /// For the header `x-amzn-errortype`.
        exception: Option<String>,
    },
    /// The connection breaks.
    HangUp,
}

/// The capture.
pub struct Ses {
    mail: Arc<MailStore>,
    clock: Arc<Clock>,
    faults: Faults,
    templates: Mutex<BTreeMap<String, Template>>,
}

/// Destinations in one bulk call at the most.
const BULK_LIMIT: usize = 50;

impl Ses {
    /// A capture that keeps its mail in this store.
    pub fn new(mail: Arc<MailStore>, clock: Arc<Clock>) -> Self {
        Self {
            mail,
            clock,
            faults: Faults::default(),
            templates: Mutex::default(),
        }
    }

    /// The mail kept.
    pub fn mail(&self) -> &MailStore {
        &self.mail
    }

    /// Adds faults after those that still wait.
    pub fn add_faults(&self, faults: Vec<SesFault>) {
        self.faults.add(faults);
    }

    /// Forgets the faults that still wait.
    pub fn clear_faults(&self) {
        self.faults.clear();
    }

    /// The operation that a request names, for counting.
    pub(super) fn operation(method: &str, path: &str) -> &'static str {
        match (method, path.trim_start_matches("/v2/email/")) {
            ("POST", "outbound-emails") => "SendEmail",
            ("POST", "outbound-bulk-emails") => "SendBulkEmail",
            ("POST", "templates") => "CreateEmailTemplate",
            _ => "Unknown",
        }
    }

    /// Carries out one request of SES's API, version 2; with how long the answer takes.
    pub(super) fn call(&self, method: &str, path: &str, body: &[u8]) -> (SesResponse, Duration) {
        let mut delay = Duration::ZERO;
        let answer = match Self::operation(method, path) {
            "SendEmail" => read(body).and_then(|request| self.send(request, &mut delay)),
            "SendBulkEmail" => read(body).and_then(|request| self.send_bulk(request, &mut delay)),
            "CreateEmailTemplate" => read(body).and_then(|template| self.create_template(template)),
            _ => {
                let what = format!("the local stack does not serve {method} {path}");
                Err(Refused::new("NotFoundException", what).into())
            }
        };
        let answer = match answer {
            Ok(body) => SesResponse::Response {
                status: 200,
                body,
                exception: None,
            },
            Err(NoResult::HangUp) => SesResponse::HangUp,
            Err(NoResult::Refused(Refused { exception, message })) => SesResponse::Response {
                status: status_of(&exception),
                body: json!({"message": message}),
                exception: Some(exception),
            },
        };
        (answer, delay)
    }

    fn send(&self, request: SendRequest, delay: &mut Duration) -> Result<Value, NoResult> {
        let recipients = request.recipients();
        let addresses: Vec<String> = recipients
            .iter()
            .map(|text| address_of(text))
            .collect::<Result<_, _>>()?;
        if addresses.is_empty() {
            return Err(Refused::bad("no destination").into());
        }
        let fault = self.fault_of_call(&addresses, delay)?;
        let content = request.content(&self.templates())?;
        let message_id = message_id();
        let mails: Vec<Mail> = addresses
            .into_iter()
            .enumerate()
            .map(|(index, to)| Mail {
                message_id: if index == 0 {
                    message_id.clone()
                } else {
                    format!("{message_id}-{index}")
                },
                to,
                from: request.from().to_owned(),
                reply_to: request.reply_to(),
                subject: content.subject.clone(),
                text: content.text.clone(),
                html: content.html.clone(),
                headers: content.headers.clone(),
                tags: request.tags(),
                sent_at: self.clock.now(),
                events: Vec::new(),
            })
            .collect();
        self.keep(&mails)?;
        if fault.lost_after {
            Err(NoResult::HangUp)
        } else {
            Ok(json!({"MessageId": message_id}))
        }
    }

    fn send_bulk(&self, request: BulkRequest, delay: &mut Duration) -> Result<Value, NoResult> {
        if request.entries().is_empty() || request.entries().len() > BULK_LIMIT {
            return Err(Refused::bad("1 to 50 destinations in a call").into());
        }
        let mut addresses = Vec::new();
        for entry in request.entries() {
            addresses.push(address_of(entry.recipient()?)?);
        }
        let fault = self.fault_of_call(&addresses, delay)?;
        let template = request.template(&self.templates())?;
        let mut results = Vec::new();
        let mut mails = Vec::new();
        for (entry, to) in request.entries().iter().zip(addresses) {
            if let Some(status) = self.faults.of_entry(&to) {
                results.push(json!({"Status": status, "Error": "injected"}));
                continue;
            }
            let message_id = message_id();
            results.push(json!({"Status": "SUCCESS", "MessageId": message_id}));
            match self.bulk_mail(&request, entry, &template, message_id, to) {
                Ok(mail) => mails.push(mail),
                // SES accepts the entry all the same, and tells of the failure by an event only.
                Err(missing) => tracing::warn!(missing, "RenderingFailure: the mail is dropped"),
            }
        }
        self.keep(&mails)?;
        match fault.results {
            None => {}
            Some(Results::Fewer) => _ = results.pop(),
            Some(Results::More) => results.extend(results.last().cloned()),
            Some(Results::None) => results.clear(),
        }
        if fault.lost_after {
            Err(NoResult::HangUp)
        } else {
            Ok(json!({"BulkEmailEntryResults": results}))
        }
    }

    fn bulk_mail(
        &self,
        request: &BulkRequest,
        entry: &BulkEntry,
        template: &Template,
        message_id: String,
        to: String,
    ) -> Result<Mail, String> {
        let data = request.data_for(entry)?;
        let mut headers = request.default_headers();
        headers.extend(pairs(entry.headers()));
        let mut tags = request.default_tags();
        tags.extend(pairs(entry.tags()));
        Ok(Mail {
            message_id,
            to,
            from: request.from().to_owned(),
            reply_to: request.reply_to(),
            subject: rendered(&template.subject, &data)?,
            text: template.text.as_deref().map(|text| rendered(text, &data)).transpose()?,
            html: template.html.as_deref().map(|html| rendered(html, &data)).transpose()?,
            headers,
            tags,
            sent_at: self.clock.now(),
            events: Vec::new(),
        })
    }

    fn create_template(&self, request: Value) -> Result<Value, NoResult> {
        let name = request
            .get("TemplateName")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let content = request.get("TemplateContent").cloned().unwrap_or_default();
        let content = serde_json::from_value(content).map_err(|error| Refused::bad(&error.to_string()))?;
        let mut templates = self.templates.lock().unwrap_or_else(PoisonError::into_inner);
        if name.is_empty() || templates.contains_key(&name) {
            return Err(Refused::new("AlreadyExistsException", format!("template {name:?}")).into());
        }
        templates.insert(name, content);
        Ok(json!({}))
    }

    fn templates(&self) -> BTreeMap<String, Template> {
        self.templates.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, mails: &[Mail]) -> Result<(), Refused> {
        self.mail
            .keep(mails)
            .map_err(|error| Refused::new("InternalServiceErrorException", error.to_string()))
    }

    /// What a whole call meets, unless that keeps it from being carried out.
    fn fault_of_call(&self, addresses: &[String], delay: &mut Duration) -> Result<CallFault, NoResult> {
        let fault = self.faults.of_call(addresses);
        *delay = fault.delay;
        match &fault.exception {
            Some(exception) => Err(Refused::new(exception, "injected".to_owned()).into()),
            None if fault.lost_before => Err(NoResult::HangUp),
            None => Ok(fault),
        }
    }
}

fn message_id() -> String {
    Uuid::new_v4().simple().to_string()
}

/// Why a call has no result.
enum NoResult {
    /// SES refuses it.
    Refused(Refused),
    /// The connection breaks.
    HangUp,
}

impl From<Refused> for NoResult {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, NoResult> {
    serde_json::from_slice(body).map_err(|error| Refused::bad(&error.to_string()).into())
}

/// The HTTP status of an exception of SES.
fn status_of(exception: &str) -> u16 {
    match exception {
        "TooManyRequestsException" => 429,
        "NotFoundException" => 404,
        "ConflictException" => 409,
        "InternalServiceErrorException" => 500,
        _ => 400,
    }
}

#[cfg(test)]
mod tests;
