//! What SES publishes about a mail that it has sent, in the form of its event destinations.

use serde_json::{Map, Value, json};

use super::{mail::Mail, request::bare_address};
use crate::{ACCOUNT, REGION, clock::Timestamp};

/// What becomes of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailEvent {
    /// The recipient's server took it.
    Delivery,
    /// The recipient's server refused it for good: there is no such address.
    Bounce,
    /// The recipient says that it is spam.
    Complaint,
}

impl MailEvent {
    /// Reads the name of an event.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "Delivery" => Some(Self::Delivery),
            "Bounce" => Some(Self::Bounce),
            "Complaint" => Some(Self::Complaint),
            _ => None,
        }
    }

    /// The event, as SES publishes it at this time. The sender is a function.
    pub fn about(self, mail: &Mail, sender: &str, now: Timestamp) -> Value {
        // In the time that has passed since, SES would have tried and tried again.
        let passed = now.unix_milliseconds() - mail.sent_at.unix_milliseconds();
        let (name, details) = match self {
            Self::Delivery => (
                "Delivery",
                json!({
                    "timestamp": now,
                    "processingTimeMillis": passed,
                    "recipients": [mail.to],
                    "smtpResponse": "250 2.0.0 OK",
                    "reportingMTA": "local.smtp-out.amazonses.com",
                }),
            ),
            Self::Bounce => (
                "Bounce",
                json!({
                    "feedbackId": format!("{}-feedback", mail.message_id),
                    "bounceType": "Permanent",
                    "bounceSubType": "General",
                    "bouncedRecipients": [{
                        "emailAddress": mail.to,
                        "action": "failed",
                        "status": "5.1.1",
                        "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                    }],
                    "timestamp": now,
                    "reportingMTA": "dsn; local.smtp-out.amazonses.com",
                }),
            ),
            Self::Complaint => (
                "Complaint",
                json!({
                    "feedbackId": format!("{}-feedback", mail.message_id),
                    "complaintSubType": null,
                    "complainedRecipients": [{"emailAddress": mail.to}],
                    "timestamp": now,
                    "userAgent": "local-aws",
                    "complaintFeedbackType": "abuse",
                    "arrivalDate": now,
                }),
            ),
        };
        let mut event = Map::from_iter([
            ("eventType".to_owned(), json!(name)),
            ("mail".to_owned(), about(mail, sender)),
        ]);
        event.insert(name.to_lowercase(), details);
        event.into()
    }
}

/// The object `mail`, the same in every event.
fn about(mail: &Mail, sender: &str) -> Value {
    let domain = bare_address(&mail.from)
        .rsplit_once('@')
        .map_or("", |(_, domain)| domain);
    let header = |(name, value): (&str, &str)| json!({"name": name, "value": value});
    let reply_to = mail.reply_to.as_deref();
    let headers: Vec<Value> = [("From", mail.from.as_str()), ("To", &mail.to)]
        .into_iter()
        .chain(reply_to.map(|reply_to| ("Reply-To", reply_to)))
        .chain([("Subject", mail.subject.as_str()), ("MIME-Version", "1.0")])
        .chain(mail.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())))
        .map(header)
        .collect();
    let mut common = json!({
        "from": [mail.from],
        "to": [mail.to],
        "messageId": mail.message_id,
        "subject": mail.subject,
    });
    if let (Some(reply_to), Some(common)) = (reply_to, common.as_object_mut()) {
        common.insert("replyTo".to_owned(), json!([reply_to]));
    }
    let mut tags = Map::from_iter([
        ("ses:source-ip".to_owned(), json!(["127.0.0.1"])),
        ("ses:from-domain".to_owned(), json!([domain])),
        ("ses:caller-identity".to_owned(), json!([sender])),
    ]);
    tags.extend(mail.tags.iter().map(|(name, value)| (name.clone(), json!([value]))));
    json!({
        "timestamp": mail.sent_at,
        "source": mail.from,
        "sourceArn": format!("arn:aws:ses:{REGION}:{ACCOUNT}:identity/{domain}"),
        "sendingAccountId": ACCOUNT,
        "messageId": mail.message_id,
        "destination": [mail.to],
        "headersTruncated": false,
        "headers": headers,
        "commonHeaders": common,
        "tags": tags,
    })
}
