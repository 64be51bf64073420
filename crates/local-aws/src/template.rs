//! What is taken from a SAM template: table, functions, routes, mappings, schedules.

mod yaml;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::{Map, Value, json};

use crate::{
    events::{Filter, FilterError},
    gateway::Route,
};

/// What a template has that is served here.
#[derive(Debug, Clone)]
pub struct Template {
    /// The table.
    pub table: Table,
    /// The functions, by name: the logical id in kebab case.
    pub functions: BTreeMap<String, Function>,
    /// The routes of the HTTP API.
    pub routes: Vec<Route>,
    /// The mappings from the table's stream.
    pub streams: Vec<StreamMapping>,
    /// The schedules.
    pub schedules: Vec<Schedule>,
}

/// The table, as `CreateTable` takes it.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name here.
    pub name: String,
    /// The request that makes it.
    pub create: Value,
    /// The attribute of time to live.
    pub ttl_attribute: Option<String>,
}

/// A function, as far as its settings matter here.
#[derive(Debug, Clone)]
pub struct Function {
    /// How long an invocation may take.
    pub timeout: Duration,
    /// Its environment, where the template gives plain values.
    pub environment: BTreeMap<String, String>,
}

/// A mapping from the table's stream to a function.
#[derive(Debug, Clone)]
pub struct StreamMapping {
    /// The function.
    pub function: String,
    /// Records in an event at the most.
    pub batch_size: usize,
    /// How long records are gathered.
    pub window: Duration,
    /// Whether a failing batch is halved.
    pub bisect: bool,
    /// Retries before records are given up; without limit when none.
    pub maximum_retries: Option<u32>,
    /// Age at which records that fail are given up; never when none.
    pub maximum_age: Option<Duration>,
    /// Whether `batchItemFailures` is read.
    pub reports_failures: bool,
    /// Which records are of interest.
    pub filter: Filter,
}

/// A schedule that calls a function.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// The function.
    pub function: String,
    /// The time between two calls.
    pub rate: Duration,
}

/// Why a template cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// It has a function, by its logical id, that is not known.
    #[error("{0} is not known")]
    UnknownFunction(String),
    /// What is wrong with the YAML.
    #[error(transparent)]
    Yaml(#[from] serde_yaml_ng::Error),
    /// A part is missing.
    #[error("no {0}")]
    Missing(&'static str),
    /// The table is not described.
    #[error("the table has no Properties")]
    TableWithoutProperties,
    /// A function's event cannot be served.
    #[error("{function}, event {event}: {fault}")]
    Event {
        /// Logical id.
        function: String,
        /// Its name in the function.
        event: String,
        /// Why not.
        fault: Box<EventFault>,
    },
    /// Two events have one route.
    #[error("route {0} appears twice")]
    RouteTwice(String),
}

/// Why an event cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum EventFault {
    /// Its filter.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// Its schedule is not one by a rate.
    #[error("{0:?} is no rate(…)")]
    NoRate(String),
}

impl Template {
    /// Reads a template whose functions are among `known`. The table's name is the one that it has here, whatever
    /// the stack's name makes of it when deployed.
    ///
    /// # Errors
    /// What cannot be served.
    pub fn parse(text: &str, table_name: &str, known: &[&str]) -> Result<Self, TemplateError> {
        let document = yaml::read(text)?;
        let resources = object(&document, "Resources").ok_or(TemplateError::Missing("Resources"))?;
        let table = resources
            .values()
            .find(|resource| type_of(resource) == "AWS::DynamoDB::Table")
            .ok_or(TemplateError::Missing("AWS::DynamoDB::Table"))?;
        let mut template = Self {
            table: table_of(table, table_name)?,
            functions: BTreeMap::new(),
            routes: Vec::new(),
            streams: Vec::new(),
            schedules: Vec::new(),
        };
        let authorized = default_authorizer(&document, resources);
        let globals = document.pointer("/Globals/Function").unwrap_or(&Value::Null);
        for (id, resource) in resources
            .iter()
            .filter(|(_, r)| type_of(r) == "AWS::Serverless::Function")
        {
            let name = kebab_case(id);
            if !known.contains(&name.as_str()) {
                return Err(TemplateError::UnknownFunction(id.clone()));
            }
            let properties = resource.get("Properties").unwrap_or(&Value::Null);
            template
                .functions
                .insert(name.clone(), function_of(properties, globals));
            for (event_id, event) in object(properties, "Events").into_iter().flatten() {
                let added = template.add_event(&name, event, authorized);
                added.map_err(|fault| TemplateError::Event {
                    function: id.clone(),
                    event: event_id.clone(),
                    fault: Box::new(fault),
                })?;
            }
        }
        template.reject_twice()?;
        Ok(template)
    }

    fn add_event(&mut self, function: &str, event: &Value, authorized: bool) -> Result<(), EventFault> {
        let properties = event.get("Properties").unwrap_or(&Value::Null);
        match type_of(event) {
            "HttpApi" => {
                let path = properties.get("Path").and_then(Value::as_str).unwrap_or("$default");
                let method = properties.get("Method").and_then(Value::as_str).unwrap_or("ANY");
                let authorized = match properties.pointer("/Auth/Authorizer").and_then(Value::as_str) {
                    Some("NONE") => false,
                    Some(_) => true,
                    None => authorized,
                };
                self.routes.push(Route::new(method, path, function, authorized));
            }
            "DynamoDB" => self.streams.push(stream_of(function, properties)?),
            "Schedule" | "ScheduleV2" => {
                let expression = properties
                    .get("Schedule")
                    .or_else(|| properties.get("ScheduleExpression"));
                let expression = expression.and_then(Value::as_str).unwrap_or_default();
                let rate = rate_of(expression).ok_or_else(|| EventFault::NoRate(expression.to_owned()))?;
                if properties.get("Enabled") != Some(&Value::Bool(false)) {
                    self.schedules.push(Schedule {
                        function: function.to_owned(),
                        rate,
                    });
                }
            }
            // What starts the others, such as the user pool, is called by whoever runs all this, or has no part in it.
            _ => {}
        }
        Ok(())
    }

    fn reject_twice(&self) -> Result<(), TemplateError> {
        let mut seen = BTreeSet::new();
        match self.routes.iter().find(|route| !seen.insert(route.key())) {
            Some(twice) => Err(TemplateError::RouteTwice(twice.key())),
            None => Ok(()),
        }
    }
}

fn object<'a>(value: &'a Value, field: &str) -> Option<&'a Map<String, Value>> {
    value.get(field)?.as_object()
}

fn type_of(value: &Value) -> &str {
    value.get("Type").and_then(Value::as_str).unwrap_or_default()
}

/// `UserSearch` -> `user-search`; a trailing `Function` is dropped.
fn kebab_case(id: &str) -> String {
    let id = id
        .strip_suffix("Function")
        .filter(|rest| !rest.is_empty())
        .unwrap_or(id);
    let mut name = String::new();
    for c in id.chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

/// True when routes have an authoriser unless they say otherwise.
fn default_authorizer(document: &Value, resources: &Map<String, Value>) -> bool {
    let names = |value: &Value| value.as_str().is_some_and(|name| name != "NONE");
    let of_globals = document
        .pointer("/Globals/HttpApi/Auth/DefaultAuthorizer")
        .is_some_and(names);
    let of_api = resources
        .values()
        .filter(|resource| type_of(resource) == "AWS::Serverless::HttpApi")
        .any(|api| api.pointer("/Properties/Auth/DefaultAuthorizer").is_some_and(names));
    of_globals || of_api
}

fn table_of(resource: &Value, name: &str) -> Result<Table, TemplateError> {
    let properties = object(resource, "Properties").ok_or(TemplateError::TableWithoutProperties)?;
    let mut create = Map::from_iter([
        ("TableName".to_owned(), json!(name)),
        ("BillingMode".to_owned(), json!("PAY_PER_REQUEST")),
    ]);
    for field in [
        "KeySchema",
        "AttributeDefinitions",
        "GlobalSecondaryIndexes",
        "LocalSecondaryIndexes",
    ] {
        create.extend(properties.get(field).map(|value| (field.to_owned(), value.clone())));
    }
    if let Some(view) = resource.pointer("/Properties/StreamSpecification/StreamViewType") {
        let stream = json!({"StreamEnabled": true, "StreamViewType": view});
        create.insert("StreamSpecification".to_owned(), stream);
    }
    let ttl = resource
        .pointer("/Properties/TimeToLiveSpecification/AttributeName")
        .and_then(Value::as_str);
    Ok(Table {
        name: name.to_owned(),
        create: create.into(),
        ttl_attribute: ttl.map(str::to_owned),
    })
}

fn function_of(properties: &Value, globals: &Value) -> Function {
    let setting = |name: &str| properties.get(name).or_else(|| globals.get(name));
    let mut environment = BTreeMap::new();
    for variables in [globals, properties]
        .into_iter()
        .filter_map(|from| from.pointer("/Environment/Variables"))
    {
        for (name, value) in variables.as_object().into_iter().flatten() {
            match value {
                Value::String(text) => environment.insert(name.clone(), text.clone()),
                Value::Number(number) => environment.insert(name.clone(), number.to_string()),
                _ => None,
            };
        }
    }
    // Three seconds is what Lambda takes when the template is silent.
    let seconds = setting("Timeout").and_then(number).unwrap_or(3);
    Function {
        timeout: Duration::from_secs(seconds),
        environment,
    }
}

fn stream_of(function: &str, properties: &Value) -> Result<StreamMapping, FilterError> {
    let setting = |name: &str| properties.get(name).and_then(number);
    let patterns = properties.pointer("/FilterCriteria/Filters").and_then(Value::as_array);
    let patterns = patterns
        .into_iter()
        .flatten()
        .filter_map(|filter| filter.get("Pattern")?.as_str());
    let retries = properties
        .get("MaximumRetryAttempts")
        .and_then(Value::as_i64)
        .unwrap_or(-1);
    let responses = properties.get("FunctionResponseTypes").and_then(Value::as_array);
    Ok(StreamMapping {
        function: function.to_owned(),
        batch_size: usize::try_from(setting("BatchSize").unwrap_or(100))
            .unwrap_or(100)
            .clamp(1, 10_000),
        window: Duration::from_secs(setting("MaximumBatchingWindowInSeconds").unwrap_or(0)),
        bisect: properties.get("BisectBatchOnFunctionError") == Some(&Value::Bool(true)),
        maximum_retries: u32::try_from(retries).ok(),
        maximum_age: setting("MaximumRecordAgeInSeconds").map(Duration::from_secs),
        reports_failures: responses.is_some_and(|types| types.contains(&json!("ReportBatchItemFailures"))),
        filter: Filter::parse(patterns)?,
    })
}

/// A number, or a text of digits: a parameter's default is one.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// `rate(1 minute)`, `rate(5 minutes)`, hours, days.
fn rate_of(expression: &str) -> Option<Duration> {
    let inner = expression.trim().strip_prefix("rate(")?.strip_suffix(')')?;
    let (count, unit) = inner.trim().split_once(' ')?;
    let seconds = match unit.trim() {
        "minute" | "minutes" => 60,
        "hour" | "hours" => 3_600,
        "day" | "days" => 86_400,
        _ => return None,
    };
    let count: u64 = count.parse().ok().filter(|count| *count > 0)?;
    Some(Duration::from_secs(count * seconds))
}

#[cfg(test)]
mod tests;
