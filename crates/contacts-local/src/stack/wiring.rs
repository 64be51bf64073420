//! The product's functions, set up for the local stack: what their `main` does with Lambda's environment.

use std::{collections::BTreeMap, sync::Arc};

use contacts::{Clock, Timestamp};
use contacts_dynamodb::Store;
use contacts_http::{Api, configuration::ApiConfiguration};
use contacts_runtime::{
    Configuration,
    configuration::{MailConfiguration, StoreConfiguration},
    system::SystemRandom,
};
use invitation_mailer::MailerConfiguration;
use lambda_runtime::LambdaEvent;
use local_aws::{clients::Clients, clock, lambda::Function};
use sign_up::Trigger;

use crate::{people::administration::Administration, sign_in::tokens::CLIENT_ID};

/// The functions of the product, by folder name; the template may name no other.
pub const FUNCTIONS: &[&str] = &[
    "contact-requests",
    "email-invitations",
    "invitation-mailer",
    "profiles",
    "share-links",
    "sign-up",
    "user-search",
    "web",
];

/// The stack's time, as the product has times.
pub fn product_time(time: clock::Timestamp) -> Timestamp {
    Timestamp::from_unix_milliseconds(time.unix_milliseconds())
}

/// The stack's clock, as the product is passed one.
struct ProductClock(Arc<clock::Clock>);

impl Clock for ProductClock {
    fn now(&self) -> Timestamp {
        product_time(self.0.now())
    }
}

/// What the functions get here in place of Lambda's environment.
pub struct FunctionEnvironment {
    /// The AWS clients.
    pub clients: Clients,
    /// A client that is not counted and meets no faults: for the administration.
    pub administration_dynamodb: aws_sdk_dynamodb::Client,
    /// The stack's clock.
    pub clock: Arc<clock::Clock>,
    /// `TABLE_NAME`.
    pub table_name: String,
    /// `SERVICE_SECRET`.
    pub service_secret: String,
    /// `http://127.0.0.1:PORT`: base of links, origin of pages.
    pub origin: String,
    /// `TOKEN_ISSUER` and `SIGN_IN_AUTHORITY`; the audience is [`CLIENT_ID`].
    pub issuer: String,
    /// Plain values of the template's environments.
    pub environment: BTreeMap<String, String>,
}

impl FunctionEnvironment {
    /// The variables that the functions' `main` would find. What the template says plainly counts,
    /// but not where it is about the stack itself.
    fn variables(&self) -> BTreeMap<String, String> {
        let mut variables = BTreeMap::from(
            [("PRODUCT_NAME", "Contacts"), ("MAIL_FROM", "contacts@demo.example")]
                .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        variables.extend(self.environment.clone());
        variables.extend(
            [
                ("TABLE_NAME", self.table_name.as_str()),
                ("SERVICE_SECRET", &self.service_secret),
                ("TOKEN_ISSUER", &self.issuer),
                ("TOKEN_AUDIENCE", CLIENT_ID),
                ("LINK_BASE_URL", &self.origin),
                ("SIGN_IN_AUTHORITY", &self.issuer),
                ("SIGN_IN_CLIENT_ID", CLIENT_ID),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        variables
    }

    /// A store like that of a function, but for the clock.
    fn store(&self, configuration: StoreConfiguration, client: aws_sdk_dynamodb::Client) -> Store {
        let clock = Arc::new(ProductClock(self.clock.clone()));
        configuration.store(client, clock, Arc::new(SystemRandom))
    }
}

type Event = LambdaEvent<serde_json::Value>;

/// A function that takes events of its own kind.
fn event<H, O, E, F>(handler: H, handle: impl Fn(H, Event) -> F + Send + Sync + 'static) -> Function
where
    H: Clone + Send + Sync + 'static,
    O: serde::Serialize + 'static,
    E: std::fmt::Display + 'static,
    F: Future<Output = Result<O, E>> + Send + 'static,
{
    Function::event(move |event: Event| handle(handler.clone(), event))
}

/// What the stack runs.
pub struct Wiring {
    /// The functions, by folder name.
    pub functions: BTreeMap<&'static str, Function>,
    /// What the administration does with people.
    pub administration: Administration,
    /// The store of the functions.
    pub store: Store,
}

/// The product's functions, set up from the variables that Lambda would give them.
///
/// # Errors
/// Which setting is wrong.
pub fn product(environment: &FunctionEnvironment) -> Result<Wiring, String> {
    let variables = environment.variables();
    let variable = |name: &str| variables.get(name).cloned();
    let read = Configuration::read(&variable, |configuration| {
        let api = ApiConfiguration::read(configuration);
        let base = configuration.link_base();
        let mail = MailConfiguration::read(configuration);
        let mailer = MailerConfiguration::read(configuration);
        let web = web::SiteSettings::read(configuration);
        Some((api?, base?, mail?, mailer?, web?))
    });
    let (configuration, base, mail, mailer, web) = read.map_err(|error| error.to_string())?;
    let client = environment.administration_dynamodb.clone();
    let store = environment.store(configuration.store.clone(), client.clone());
    let administration = Administration::new(store, client, environment.table_name.clone());
    let store = environment.store(configuration.store, environment.clients.dynamodb.clone());
    let api = Api {
        store: store.clone(),
        tokens: configuration.tokens,
        avatars: configuration.avatars,
    };
    let mailer = mailer.mailer(store.clone(), environment.clients.sesv2.clone());
    let site = web::Site::new(store.clone(), web);
    let trigger = Trigger {
        store: store.clone(),
        user_id_claim: api.tokens.user_id_claim.clone(),
    };
    let functions = BTreeMap::from([
        (
            "contact-requests",
            Function::http(contact_requests::router(api.clone())),
        ),
        (
            "email-invitations",
            Function::http(email_invitations::router(api.clone(), mail)),
        ),
        ("profiles", Function::http(profiles::router(api.clone()))),
        ("share-links", Function::http(share_links::router(api.clone(), base))),
        ("user-search", Function::http(user_search::router(api))),
        ("web", Function::http(web::router(site))),
        (
            "invitation-mailer",
            event(mailer, |mailer, event| async move { mailer.handle(event).await }),
        ),
        (
            "sign-up",
            event(trigger, |trigger, event| async move { trigger.handle(event).await }),
        ),
    ]);
    Ok(Wiring {
        functions,
        administration,
        store,
    })
}
