//! Logs: JSON lines, for CloudWatch; and a span for each event, with one line at its end.

use std::{future::Future, pin::Pin, time::Instant};

use tracing::Instrument as _;
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use crate::{calls::counted, configuration::environment};

/// What the targets of this workspace begin with. A target is compared from its beginning: `contacts` is also
/// `contacts_http` and its sisters, and `web` alone would be `webpki` too.
const OURS: [&str; 11] = [
    "contact_requests",
    "contacts",
    "email_invitations",
    "invitation_mailer",
    "local_aws",
    "local_dynamodb",
    "profiles",
    "share_links",
    "sign_up",
    "user_search",
    "web::",
];

/// Starts logging to standard output; `RUST_LOG` sets what.
pub fn start() {
    // CloudWatch puts its own time on each line; the span around ours says nothing that ours does not say.
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .with_target(false)
        .with_span_list(false)
        .without_time();
    let filter = filter(environment("RUST_LOG").as_deref(), "info");
    tracing_subscriber::registry().with(lines).with(filter).init();
}

/// What is logged: of this workspace what was asked for, at most `debug`; of all other crates nothing below `info`,
/// whatever was asked for, since the SDK's lower levels have the requests and responses in them.
pub fn filter(asked: Option<&str>, usual: &str) -> Targets {
    let read = |text: &str| text.parse::<Targets>().ok();
    let asked = asked.filter(|text| !text.trim().is_empty()).and_then(read);
    let asked = asked.or_else(|| read(usual)).unwrap_or_default();
    let general = asked.default_level().unwrap_or(LevelFilter::OFF);
    let is_ours = |target: &str| OURS.iter().any(|ours| format!("{target}::").starts_with(ours));
    let ours = OURS.map(|target| (target.to_owned(), general));
    let named = asked.iter().map(|(target, level)| (target.to_owned(), level));
    ours.into_iter()
        .chain(named)
        .fold(Targets::new(), |filter, (target, level)| {
            let most = if is_ours(&target) {
                LevelFilter::DEBUG
            } else {
                LevelFilter::INFO
            };
            filter.with_target(target, level.min(most))
        })
        .with_default(general.min(LevelFilter::INFO))
}

/// How an event ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    outcome: &'static str,
    status: Option<u16>,
    code: Option<&'static str>,
}

impl Ending {
    /// It did what it was for, or there was nothing to do.
    pub const DONE: Self = Self::of("done");
    /// The one who asked is told what is wrong.
    pub const REFUSED: Self = Self::of("refused");
    /// The service could not do it.
    pub const FAILED: Self = Self::of("failed");

    const fn of(outcome: &'static str) -> Self {
        Self {
            outcome,
            status: None,
            code: None,
        }
    }

    /// That of an HTTP response; the code is that of its problem.
    pub fn of_response(status: u16, code: Option<&'static str>) -> Self {
        let ending = match status {
            ..400 => Self::DONE,
            400..500 => Self::REFUSED,
            500.. => Self::FAILED,
        };
        Self {
            status: Some(status),
            code,
            ..ending
        }
    }
}

/// Does the work of one event, in a span with the id of the invocation and the route, and writes one line at its
/// end. Neither may have in it what came from outside: the route is a template (`/invite-links/{token}`), not a path.
///
/// The future is boxed: inside of the runtime's own, the work's would nest too deep for the compiler.
pub fn event<'a, T: Send + 'a>(
    request_id: &str,
    route: &str,
    work: impl Future<Output = T> + Send + 'a,
    ending: impl FnOnce(&T) -> Ending + Send + 'a,
) -> Pin<Box<dyn Future<Output = T> + Send + 'a>> {
    let span = tracing::info_span!("event", request_id, route);
    let told = async {
        let begun = Instant::now();
        let (result, calls) = counted(work).await;
        let Ending { outcome, status, code } = ending(&result);
        let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(outcome, status, code, duration_ms, calls, "event");
        result
    };
    Box::pin(told.instrument(span))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::Path};

    use tracing::Level;

    use super::*;

    #[test]
    fn other_crates_say_nothing_below_info() {
        for asked in [
            None,
            Some("debug"),
            Some("trace"),
            Some("debug,aws_smithy_runtime=trace,hyper=debug"),
        ] {
            let filter = filter(asked, "info");
            for other in [
                "aws_smithy_runtime::client",
                "aws_sdk_dynamodb",
                "hyper",
                "lambda_runtime",
                "webpki",
                "h2",
            ] {
                assert!(!filter.would_enable(other, &Level::DEBUG), "{asked:?}: {other}");
                assert!(filter.would_enable(other, &Level::INFO), "{asked:?}: {other}");
            }
            for ours in ["contacts_http::api", "invitation_mailer", "web::pages", "contacts"] {
                let wanted = asked.is_some();
                assert_eq!(filter.would_enable(ours, &Level::DEBUG), wanted, "{asked:?}: {ours}");
                assert!(!filter.would_enable(ours, &Level::TRACE), "{asked:?}: {ours}");
            }
        }
        let quiet = filter(Some("warn"), "info");
        for target in ["contacts_http", "hyper"] {
            assert!(!quiet.would_enable(target, &Level::INFO) && quiet.would_enable(target, &Level::WARN));
        }
        let one = filter(Some("warn,sign_up=debug"), "info");
        assert!(one.would_enable("sign_up", &Level::DEBUG) && !one.would_enable("profiles", &Level::INFO));
        for nothing in ["", "no=such=level"] {
            assert_eq!(filter(Some(nothing), "info"), filter(None, "info"), "{nothing:?}");
        }
    }

    #[test]
    fn every_package_is_one_of_ours() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folders = ["crates", "functions"].map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
        let packages: BTreeSet<String> = folders
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap().replace('-', "_"))
            // It runs in a build script.
            .filter(|package| package != "web_assets")
            .collect();
        assert!(packages.len() > 10, "{packages:?}");
        let filter = filter(Some("debug"), "info");
        for package in packages {
            assert!(
                filter.would_enable(&format!("{package}::module"), &Level::DEBUG),
                "{package}"
            );
        }
    }

    #[test]
    fn an_ending_is_named_after_who_has_to_act() {
        for (status, outcome) in [(200, "done"), (302, "done"), (404, "refused"), (503, "failed")] {
            assert_eq!(Ending::of_response(status, None).outcome, outcome, "{status}");
        }
    }
}
