//! Puts the stack together, and takes it down.

pub mod folder;
pub mod start_error;
pub mod wiring;

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, response::Redirect, routing::get};
use local_aws::{
    calls::Calls,
    clients::{Clients, uncounted_dynamodb},
    clock::Clock,
    dynamodb::{DynamoDb, Engine, Faults},
    events::{Events, Sources},
    file::Damaged,
    gateway::{self, Authorizer, Gateway},
    lambda::{Function, Functions, Invoker},
    ses::{MailStore, Ses, SimpleEmail},
    template::{Template, TemplateError},
};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    control::{self, Control},
    options::Options,
    people::{
        People,
        demo::{self, Progress},
    },
    sign_in::{issuer, tokens::Tokens},
};

use folder::Folder;
use start_error::StartError;
use wiring::{FUNCTIONS, FunctionEnvironment};

/// The table's name here, whatever the stack's name makes of it when deployed.
const TABLE_NAME: &str = "contacts";

/// The functions' secret, the same in each stack and under `cargo lambda watch` (`Cargo.toml` says it
/// to that): what one writes, the other must find.
pub const SERVICE_SECRET: &str = "local-stack-only-secret-of-32-bytes-or-more";

/// How long requests may take to end at a shutdown.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running stack.
pub struct Stack {
    /// Where it listens.
    pub address: SocketAddr,
    control: Arc<Control>,
    gateway: Arc<Gateway>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    // Held to the end: the folder is unlocked when it is dropped.
    folder: Option<Folder>,
}

impl Stack {
    /// `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What the calls under `/_local` do, for use in this process.
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// Makes the demo data that the folder is to have and lacks. The stack is of use without them: what cannot be
    /// made is left to the next start.
    pub async fn complete_demo_data(&self) {
        let Some(folder) = &self.folder else { return };
        let completed = match Progress::open(folder.demo_data()) {
            Ok(None) => return,
            Ok(Some(progress)) => {
                self.gateway.preparing.store(true, Ordering::Relaxed);
                let completed = demo::complete(&self.control, &self.origin(), progress).await;
                self.gateway.preparing.store(false, Ordering::Relaxed);
                completed
            }
            Err(error) => Err(error.to_string()),
        };
        if let Err(reason) = completed {
            tracing::warn!("the demo data are not complete, the next start makes the rest: {reason}");
        }
    }

    /// Stops serving, lets what runs come to its end, and unlocks the folder.
    pub async fn shutdown(mut self) {
        let _ = self.stop.send(true);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(PATIENCE, ended).await.is_err() {
            self.tasks.abort_all();
        }
    }
}

/// Starts the stack with the product's functions. Demo data are for [`Stack::complete_demo_data`].
///
/// # Errors
/// Why it does not start.
pub async fn start(options: Options) -> Result<Stack, StartError> {
    let template = read_template(&options.template)?;
    let place = Place::claim(&options).await?;
    let aws = Aws::open(&place, &template).await?;
    let product = wiring::product(&aws.function_environment(&place, &template)).map_err(StartError::Wiring)?;
    let up_to_date = product.administration.bring_up_to_date().await;
    up_to_date.map_err(|error| StartError::Wiring(error.to_string()))?;
    // As each function does at a cold start; what a request costs is counted from here on.
    product.store.warm_up().await;
    aws.dynamodb.calls.reset();
    let invoker = Invoker::new(
        functions(product.functions, options.lambda),
        timeouts(&template),
        aws.clock.clone(),
    );

    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let events = Events::start(
        aws.sources(&place, &template, &invoker),
        if options.no_stream {
            Vec::new()
        } else {
            template.streams
        },
        if options.no_schedule {
            Vec::new()
        } else {
            template.schedules
        },
        &stopped,
        &mut tasks,
    )
    .await?;
    if place.has_data() {
        // What became due while the stack was down.
        events.hurry();
    }
    let gateway = Arc::new(Gateway {
        routes: template.routes,
        authorizer: aws.authorizer(&place)?,
        invoker: invoker.clone(),
        clock: aws.clock.clone(),
        preparing: AtomicBool::new(false),
    });
    tasks.spawn(clean_up_by_the_hour(aws.dynamodb.engine.clone(), stop.subscribe()));
    let control = Arc::new(Control {
        people: People::new(product.administration, invoker, aws.clock.clone()),
        dynamodb: aws.dynamodb,
        email: aws.email,
        clock: aws.clock,
        tokens: aws.tokens,
        events,
        table_name: template.table.name,
    });
    let router = Router::new()
        .route("/_local/", get(async || Redirect::temporary("/_local")))
        .nest("/_local", control::router(control.clone(), &place.origin))
        .fallback(axum::routing::any(gateway::serve).with_state(gateway.clone()));
    tasks.spawn(serve(place.listener, router, stopped));
    Ok(Stack {
        address: place.address,
        control,
        gateway,
        stop,
        tasks,
        folder: place.folder,
    })
}

fn read_template(path: &Path) -> Result<Template, StartError> {
    let text = std::fs::read_to_string(path).map_err(|source| StartError::TemplateMissing {
        path: path.to_owned(),
        source,
    })?;
    Template::parse(&text, TABLE_NAME, FUNCTIONS).map_err(|error| match error {
        TemplateError::UnknownFunction(name) => StartError::UnknownFunction {
            path: path.to_owned(),
            name,
            known: FUNCTIONS.iter().map(ToString::to_string).collect(),
        },
        source => StartError::Template {
            path: path.to_owned(),
            source,
        },
    })
}

/// What no other stack has: a folder, unless it keeps nothing, and a port.
struct Place {
    folder: Option<Folder>,
    listener: TcpListener,
    address: SocketAddr,
    origin: String,
}

impl Place {
    async fn claim(options: &Options) -> Result<Self, StartError> {
        let mut folder = if options.memory {
            None
        } else {
            Some(Folder::open(&options.data)?)
        };
        let port = |source| StartError::Port {
            port: options.port,
            source,
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
            .await
            .map_err(port)?;
        let address = listener.local_addr().map_err(port)?;
        if let Some(folder) = &mut folder {
            let unusable = |source| StartError::Folder {
                path: options.data.clone(),
                source,
            };
            folder.announce(Some(address.port())).map_err(unusable)?;
            if folder.is_fresh() && options.command.is_none() {
                Progress::begin(&folder.demo_data()).map_err(unusable)?;
            }
        }
        Ok(Self {
            folder,
            listener,
            address,
            origin: format!("http://{address}"),
        })
    }

    /// One of the folder's files; none when nothing is kept.
    fn file(&self, file: fn(&Folder) -> PathBuf) -> Option<PathBuf> {
        self.folder.as_ref().map(file)
    }

    fn has_data(&self) -> bool {
        self.folder.as_ref().is_some_and(|folder| !folder.is_fresh())
    }
}

/// What AWS is for the functions, and the issuer.
struct Aws {
    clock: Arc<Clock>,
    dynamodb: DynamoDb,
    email: SimpleEmail,
    tokens: Tokens,
}

impl Aws {
    async fn open(place: &Place, template: &Template) -> Result<Self, StartError> {
        let clock = Arc::new(Clock::open(place.file(Folder::clock))?);
        let engine = Engine::open(place.file(Folder::database).as_deref(), clock.clone())?;
        engine.ensure_table(&template.table).await?;
        let mail = Arc::new(MailStore::open(place.file(Folder::mail).as_deref())?);
        // The last of the files: a folder that has it has whole databases.
        let issuer = format!("{}{}", place.origin, issuer::PATH);
        let tokens = Tokens::open(place.file(Folder::signing_key).as_deref(), issuer, clock.clone())?;
        let calls = Arc::new(Calls::default());
        Ok(Self {
            dynamodb: DynamoDb {
                engine,
                calls: calls.clone(),
                faults: Arc::new(Faults::default()),
            },
            email: SimpleEmail {
                ses: Arc::new(Ses::new(mail, clock.clone())),
                calls,
            },
            clock,
            tokens,
        })
    }

    fn function_environment(&self, place: &Place, template: &Template) -> FunctionEnvironment {
        FunctionEnvironment {
            clients: Clients::new(self.dynamodb.clone(), self.email.clone()),
            administration_dynamodb: uncounted_dynamodb(self.dynamodb.engine.clone()),
            clock: self.clock.clone(),
            table_name: template.table.name.clone(),
            service_secret: SERVICE_SECRET.to_owned(),
            origin: place.origin.clone(),
            issuer: self.tokens.issuer().to_owned(),
            environment: environment(template),
        }
    }

    fn sources(&self, place: &Place, template: &Template, invoker: &Invoker) -> Sources {
        Sources {
            engine: self.dynamodb.engine.clone(),
            table_name: template.table.name.clone(),
            invoker: invoker.clone(),
            clock: self.clock.clone(),
            checkpoint: place.file(Folder::checkpoint),
        }
    }

    fn authorizer(&self, place: &Place) -> Result<Authorizer, StartError> {
        let key = place.file(Folder::signing_key);
        let authorizer = self.tokens.authorizer();
        authorizer.map_err(|error| Damaged::new(key.as_deref(), error).into())
    }
}

fn functions(in_process: BTreeMap<&'static str, Function>, invoke_address: Option<url::Url>) -> Functions {
    match invoke_address {
        None => Functions::InProcess(Arc::new(in_process)),
        Some(base) => Functions::Remote {
            base,
            client: reqwest::Client::new(),
        },
    }
}

/// How long an invocation of each function may take.
fn timeouts(template: &Template) -> BTreeMap<String, Duration> {
    let functions = template.functions.iter();
    functions
        .map(|(name, function)| (name.clone(), function.timeout))
        .collect()
}

async fn serve(listener: TcpListener, router: Router, mut stopped: watch::Receiver<bool>) {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let until = async move {
        let _ = stopped.wait_for(|stopped| *stopped).await;
    };
    if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(until).await {
        tracing::error!(%error, "the server ended");
    }
}

/// DynamoDB deletes by itself what is past its time to live, and trims its stream; the engine has to be asked.
async fn clean_up_by_the_hour(engine: Engine, mut stopped: watch::Receiver<bool>) {
    loop {
        let done = async { engine.delete_expired().await.and(engine.trim_stream().await) };
        if let Err(error) = done.await {
            tracing::error!(%error, "clean-up");
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(3_600)) => {}
            _ = stopped.wait_for(|stopped| *stopped) => return,
        }
    }
}

/// The plain values of all functions' environments.
fn environment(template: &Template) -> BTreeMap<String, String> {
    template
        .functions
        .values()
        .flat_map(|function| function.environment.clone())
        .collect()
}
