//! The call: `SendBulkEmail` with an inline template, always, for one destination too.

use std::{
    iter::repeat_n,
    time::{Duration, SystemTime},
};

use aws_sdk_sesv2::{
    Client,
    config::{Config, retry::RetryConfig, timeout::TimeoutConfig},
    error::{BuildError, SdkError},
    operation::send_bulk_email::SendBulkEmailError,
    types::{
        self, BulkEmailContent, BulkEmailEntry, BulkEmailEntryResult, EmailTemplateContent, MessageHeader, MessageTag,
        ReplacementEmailContent, ReplacementTemplate, Template,
    },
};
use contacts::{EmailAddress, PersonName, Timestamp, link::LinkUrl};
use ulid::Ulid;

use crate::{
    Mail, MailAction, Rendered,
    action::{Failure, every_one_refused},
    from::from_header,
    mail::Values,
};

/// The most destinations that SES takes in a call.
const MAX_DESTINATIONS: usize = 50;
/// The tag that holds the invitation's id in the events of SES.
const INVITATION_TAG: &str = "invitation";
/// How long a call may take.
const CALL_TIMEOUT: Duration = Duration::from_secs(10);
/// When no further call is begun: with the last call, this is well within a mailer's lease
/// ([`contacts::invitation::mailing::LEASE`]), after which another mailer may send the same.
const SEND_TIMEOUT: Duration = Duration::from_secs(60);

/// One mail to one address.
#[derive(Debug, Clone)]
pub struct Destination {
    /// The address.
    pub address: EmailAddress,
    /// What the button opens.
    pub link: LinkUrl,
    /// Where mails are stopped and abuse is reported.
    pub unsubscribe: LinkUrl,
    /// Until when `link` is good.
    pub expires_at: Timestamp,
    /// Comes back in the events of SES.
    pub invitation_id: Ulid,
}

/// Sends by Amazon SES.
#[derive(Debug, Clone)]
pub struct Sender {
    /// The client.
    pub client: Client,
    /// From what address. Replies go to it too, not to the inviter.
    pub from: EmailAddress,
    /// What the mails call the product.
    pub product: PersonName,
    /// The configuration set, which publishes the events.
    pub configuration_set: Option<String>,
}

impl Sender {
    /// Sends one mail to each destination, fifty a call. One action a destination, in their order.
    ///
    /// When a call fails in a way that the next would too, the destinations that are left are not
    /// tried, and get an action that says the same or `Throttled`.
    pub async fn send(&self, mail: &Mail, destinations: &[Destination]) -> Vec<MailAction> {
        let content = match self.content(mail) {
            Ok(content) => content,
            Err(error) => return vec![unprepared(error.as_ref()); destinations.len()],
        };
        let end = self.now() + SEND_TIMEOUT;
        let mut actions = Vec::with_capacity(destinations.len());
        // Set when further calls make no sense: what the destinations that are left get.
        let mut stop: Option<MailAction> = None;
        for chunk in destinations.chunks(MAX_DESTINATIONS) {
            actions.extend(self.send_chunk(mail, &content, chunk, end, &mut stop).await);
        }
        actions
    }

    async fn send_chunk(
        &self,
        mail: &Mail,
        content: &BulkEmailContent,
        chunk: &[Destination],
        end: SystemTime,
        stop: &mut Option<MailAction>,
    ) -> Vec<MailAction> {
        let mut actions = Vec::with_capacity(chunk.len());
        // What is still to be sent, the first part on top.
        let mut parts = vec![chunk];
        while let Some(part) = parts.pop() {
            if stop.is_none() && self.now() >= end {
                *stop = Some(MailAction::Throttled);
            }
            if let Some(action) = stop {
                actions.extend(repeat_n(action.clone(), part.len()));
                continue;
            }
            let failure = match self.call(mail, content, part).await {
                Ok(results) => {
                    actions.extend(results.iter().map(MailAction::of_entry));
                    continue;
                }
                Err(failure) => failure,
            };
            match failure {
                Failure::All(action) => {
                    *stop = what_follows(&action);
                    actions.extend(repeat_n(action, part.len()));
                }
                Failure::Halve { reason } if part.len() == 1 => actions.push(MailAction::Undeliverable { reason }),
                Failure::Halve { .. } => {
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.push(second);
                    parts.push(first);
                }
            }
        }
        // When every one of several is refused, no address is at fault.
        match every_one_refused(&actions) {
            Some(action) => vec![action; actions.len()],
            None => actions,
        }
    }

    /// The time of the client, so that a test can give both the same.
    fn now(&self) -> SystemTime {
        self.client.config().time_source().unwrap_or_default().now()
    }

    /// One call, one attempt: a retry after a time-out would be a second mail that nobody knows of.
    async fn call(
        &self,
        mail: &Mail,
        content: &BulkEmailContent,
        destinations: &[Destination],
    ) -> Result<Vec<BulkEmailEntryResult>, Failure> {
        let entries: Result<Vec<_>, _> = destinations.iter().map(entry).collect();
        let entries = entries.map_err(|error| Failure::All(unprepared(error.as_ref())))?;
        let once = Config::builder().retry_config(RetryConfig::disabled()).timeout_config(
            TimeoutConfig::builder()
                .operation_timeout(CALL_TIMEOUT)
                // The client's own, shorter one would hold otherwise: the two are merged.
                .operation_attempt_timeout(CALL_TIMEOUT)
                .build(),
        );
        let answer = self
            .client
            .send_bulk_email()
            .from_email_address(from_header(&mail.inviter_name, &self.product, &self.from))
            .reply_to_addresses(self.from.as_str())
            .set_configuration_set_name(self.configuration_set.clone())
            .default_content(content.clone())
            .set_bulk_email_entries(Some(entries))
            .customize()
            .config_override(once)
            .send()
            .await;
        match answer {
            Ok(answer) if answer.bulk_email_entry_results.len() == destinations.len() => {
                Ok(answer.bulk_email_entry_results)
            }
            Ok(answer) => {
                let results = answer.bulk_email_entry_results.len();
                tracing::error!(
                    entries = destinations.len(),
                    results,
                    "SES answered for another number of entries"
                );
                Err(Failure::All(MailAction::Ambiguous))
            }
            Err(error) => {
                log(&error, destinations.len());
                Err(Failure::of_call(&error, destinations.len()))
            }
        }
    }

    fn content(&self, mail: &Mail) -> Result<BulkEmailContent, Unprepared> {
        let Rendered { subject, html, text } = mail.render(&self.product)?;
        let parts = EmailTemplateContent::builder()
            .subject(subject)
            .html(html)
            .text(text)
            .build();
        let template = Template::builder()
            .template_content(parts)
            .template_data("{}")
            .headers(header("Auto-Submitted", "auto-generated")?)
            // Not `All` or `NDR`: reports on dead addresses are wanted ([MS-OXCMAIL] 2.1.3.2.20).
            .headers(header("X-Auto-Response-Suppress", "DR, RN, NRN, OOF, AutoReply")?)
            .headers(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?)
            .build();
        Ok(BulkEmailContent::builder().template(template).build())
    }
}

type Unprepared = Box<dyn std::error::Error + Send + Sync>;

fn entry(to: &Destination) -> Result<BulkEmailEntry, Unprepared> {
    let values = Values::new(to.link.as_str(), to.unsubscribe.as_str(), to.expires_at);
    let replacement = ReplacementTemplate::builder()
        .replacement_template_data(serde_json::to_string(&values)?)
        .build();
    let tag = MessageTag::builder()
        .name(INVITATION_TAG)
        .value(to.invitation_id.to_string())
        .build()?;
    Ok(BulkEmailEntry::builder()
        .destination(types::Destination::builder().to_addresses(to.address.as_str()).build())
        .replacement_email_content(
            ReplacementEmailContent::builder()
                .replacement_template(replacement)
                .build(),
        )
        .replacement_headers(header("List-Unsubscribe", &format!("<{}>", to.unsubscribe.as_str()))?)
        .replacement_tags(tag)
        .build())
}

fn header(name: &str, value: &str) -> Result<MessageHeader, BuildError> {
    MessageHeader::builder().name(name).value(value).build()
}

/// What the destinations get that are left after a call whose destinations got this action.
fn what_follows(action: &MailAction) -> Option<MailAction> {
    match action {
        MailAction::Sent { .. } | MailAction::Undeliverable { .. } => None,
        // These were not tried: nothing of them was sent, and no attempt was made.
        MailAction::Retry | MailAction::Throttled | MailAction::Ambiguous => Some(MailAction::Throttled),
        MailAction::QuotaExceeded | MailAction::OperatorsMatter { .. } => Some(action.clone()),
    }
}

fn unprepared(error: &(dyn std::error::Error + Send + Sync)) -> MailAction {
    tracing::error!(error = %error, "a mail could not be prepared");
    MailAction::OperatorsMatter {
        reason: "the mail could not be prepared".to_owned(),
    }
}

/// SES's own words stay out of the log: they may name the address.
fn log(error: &SdkError<SendBulkEmailError>, destinations: usize) {
    use aws_sdk_sesv2::error::ProvideErrorMetadata as _;
    let status = error.raw_response().map(|response| response.status().as_u16());
    tracing::warn!(kind = %error, code = error.code(), status, destinations, "SES refused or failed a call");
}
