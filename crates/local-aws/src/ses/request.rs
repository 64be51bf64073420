//! The requests of SES's API that the capture takes, and how SES fills its templates.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// A call that SES refuses as a whole.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) exception: String,
    pub(super) message: String,
}

impl Refused {
    pub(super) fn new(exception: &str, message: String) -> Self {
        Self {
            exception: exception.to_owned(),
            message,
        }
    }

    pub(super) fn bad(message: &str) -> Self {
        Self::new("BadRequestException", message.to_owned())
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Pair {
    name: String,
    value: String,
}

/// A template: what `CreateEmailTemplate` stores, or what is in the call itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Template {
    pub(super) subject: String,
    pub(super) text: Option<String>,
    pub(super) html: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct TemplateUse {
    template_name: Option<String>,
    template_content: Option<Template>,
    template_data: Option<String>,
    headers: Vec<Pair>,
}

impl TemplateUse {
    fn resolve(&self, stored: &BTreeMap<String, Template>) -> Result<Template, Refused> {
        match (&self.template_content, &self.template_name) {
            (Some(content), None) => Ok(content.clone()),
            (None, Some(name)) => stored
                .get(name)
                .cloned()
                .ok_or_else(|| Refused::new("NotFoundException", format!("no template {name:?}"))),
            _ => Err(Refused::bad("either a template's name or its content")),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Destination {
    to_addresses: Vec<String>,
    cc_addresses: Vec<String>,
    bcc_addresses: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Part {
    #[serde(rename = "Data")]
    data: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parts {
    text: Option<Part>,
    html: Option<Part>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Part,
    body: Parts,
    #[serde(default)]
    headers: Vec<Pair>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Option<Simple>,
    template: Option<TemplateUse>,
}

/// `SendEmail`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendRequest {
    from_email_address: String,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
    #[serde(default)]
    destination: Destination,
    content: Content,
    #[serde(default)]
    email_tags: Vec<Pair>,
}

/// A mail's content, filled in.
pub(super) struct Filled {
    pub(super) subject: String,
    pub(super) text: Option<String>,
    pub(super) html: Option<String>,
    pub(super) headers: BTreeMap<String, String>,
}

impl SendRequest {
    pub(super) fn recipients(&self) -> Vec<&str> {
        let Destination {
            to_addresses,
            cc_addresses,
            bcc_addresses,
        } = &self.destination;
        to_addresses
            .iter()
            .chain(cc_addresses)
            .chain(bcc_addresses)
            .map(String::as_str)
            .collect()
    }

    pub(super) fn from(&self) -> &str {
        &self.from_email_address
    }

    pub(super) fn reply_to(&self) -> Option<String> {
        joined(&self.reply_to_addresses)
    }

    pub(super) fn tags(&self) -> BTreeMap<String, String> {
        pairs(&self.email_tags)
    }

    pub(super) fn content(&self, stored: &BTreeMap<String, Template>) -> Result<Filled, Refused> {
        match &self.content {
            Content {
                simple: Some(simple),
                template: None,
            } => Ok(Filled {
                subject: simple.subject.data.clone(),
                text: simple.body.text.as_ref().map(|part| part.data.clone()),
                html: simple.body.html.as_ref().map(|part| part.data.clone()),
                headers: pairs(&simple.headers),
            }),
            Content {
                simple: None,
                template: Some(template),
            } => {
                let content = template.resolve(stored)?;
                let data = data(template.template_data.as_deref()).map_err(|error| Refused::bad(&error))?;
                let fill = |text: &str| rendered(text, &data).map_err(|error| Refused::bad(&error));
                Ok(Filled {
                    subject: fill(&content.subject)?,
                    text: content.text.as_deref().map(fill).transpose()?,
                    html: content.html.as_deref().map(fill).transpose()?,
                    headers: pairs(&template.headers),
                })
            }
            _ => Err(Refused::bad("the local stack takes simple and template content")),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DefaultContent {
    template: TemplateUse,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct ReplacementContent {
    replacement_template: ReplacementTemplate,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct ReplacementTemplate {
    replacement_template_data: Option<String>,
}

/// One destination of a bulk call.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BulkEntry {
    destination: Destination,
    #[serde(default)]
    replacement_email_content: ReplacementContent,
    #[serde(default)]
    replacement_headers: Vec<Pair>,
    #[serde(default)]
    replacement_tags: Vec<Pair>,
}

impl BulkEntry {
    pub(super) fn recipient(&self) -> Result<&str, Refused> {
        match self.destination.to_addresses.as_slice() {
            [one] => Ok(one),
            _ => Err(Refused::bad("the local stack takes one address in each entry")),
        }
    }

    pub(super) fn headers(&self) -> &[Pair] {
        &self.replacement_headers
    }

    pub(super) fn tags(&self) -> &[Pair] {
        &self.replacement_tags
    }
}

/// `SendBulkEmail`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BulkRequest {
    from_email_address: String,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
    default_content: DefaultContent,
    #[serde(default)]
    default_email_tags: Vec<Pair>,
    bulk_email_entries: Vec<BulkEntry>,
}

impl BulkRequest {
    pub(super) fn entries(&self) -> &[BulkEntry] {
        &self.bulk_email_entries
    }

    pub(super) fn from(&self) -> &str {
        &self.from_email_address
    }

    pub(super) fn reply_to(&self) -> Option<String> {
        joined(&self.reply_to_addresses)
    }

    pub(super) fn default_tags(&self) -> BTreeMap<String, String> {
        pairs(&self.default_email_tags)
    }

    pub(super) fn default_headers(&self) -> BTreeMap<String, String> {
        pairs(&self.default_content.template.headers)
    }

    pub(super) fn template(&self, stored: &BTreeMap<String, Template>) -> Result<Template, Refused> {
        self.default_content.template.resolve(stored)
    }

    /// The default data, with the entry's own laid over it.
    pub(super) fn data_for(&self, entry: &BulkEntry) -> Result<Map<String, Value>, String> {
        let own = entry
            .replacement_email_content
            .replacement_template
            .replacement_template_data
            .as_deref();
        let mut merged = data(self.default_content.template.template_data.as_deref())?;
        merged.extend(data(own)?);
        Ok(merged)
    }
}

fn data(text: Option<&str>) -> Result<Map<String, Value>, String> {
    match text {
        None | Some("") => Ok(Map::new()),
        Some(text) => serde_json::from_str(text).map_err(|error| format!("template data: {error}")),
    }
}

fn joined(addresses: &[String]) -> Option<String> {
    (!addresses.is_empty()).then(|| addresses.join(", "))
}

/// Names with their values; the last of one name counts.
pub(super) fn pairs(pairs: &[Pair]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|pair| (pair.name.clone(), pair.value.clone()))
        .collect()
}

/// The address of `Name <a@b>` or `a@b`, whatever it is.
pub(super) fn bare_address(text: &str) -> &str {
    match text.rsplit_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').unwrap_or(rest),
        None => text,
    }
}

/// The same, lower case; SES takes ASCII only.
pub(super) fn address_of(text: &str) -> Result<String, Refused> {
    let address = bare_address(text);
    let plausible = address.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
    });
    if plausible && address.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(address.to_ascii_lowercase())
    } else {
        Err(Refused::bad("Illegal address"))
    }
}

/// Puts data into `{{name}}`, once: what is put in is not read again, and nothing is escaped.
///
/// # Errors
/// The name of what the data lacks.
pub(super) fn rendered(template: &str, data: &Map<String, Value>) -> Result<String, String> {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, behind)) = after.split_once("}}") else {
            break;
        };
        let name = name.trim();
        let value = data.get(name).ok_or_else(|| name.to_owned())?;
        out.push_str(before);
        match value {
            Value::String(text) => out.push_str(text),
            other => out.push_str(&other.to_string()),
        }
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}
