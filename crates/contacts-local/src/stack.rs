//! Puts the stack together, and takes it down.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::Router;
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    calls::Calls,
    clock::StackClock,
    connector::{Clients, DynamoDb, SimpleEmail, uncounted_dynamodb},
    control::Control,
    demo::{self, Progress},
    engine::Engine,
    faults::Faults,
    folder::Folder,
    functions::{Functions, Invoker},
    gateway::{self, Gateway},
    issuer, local_calls,
    mail::MailStore,
    mailer::Mailer,
    options::Options,
    people::People,
    ses::Ses,
    start_error::StartError,
    template::Template,
    tokens::Tokens,
    wiring::{self, FUNCTIONS, Surroundings},
};

/// The functions' secret, the same in each stack and under `cargo lambda watch` (`Cargo.toml` says it
/// to that): what one writes, the other must find.
pub const SERVICE_SECRET: &str = "local-stack-only-secret-of-32-bytes-or-more";

/// How long requests may take to end at a shutdown.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// A running stack.
pub struct Stack {
    /// Where it listens.
    pub address: SocketAddr,
    control: Arc<Control>,
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
            Ok(Some(progress)) => demo::complete(&self.control, &self.origin(), progress).await,
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
    let template = Template::load(&options.template, FUNCTIONS)?;
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
    let unusable = |source| StartError::Folder {
        path: options.data.clone(),
        source,
    };
    if let Some(folder) = &mut folder {
        folder.announce(Some(address.port())).map_err(unusable)?;
    }
    let fresh = folder.as_ref().filter(|folder| folder.is_fresh());
    if let (Some(folder), None) = (fresh, &options.command) {
        Progress::begin(&folder.demo_data()).map_err(unusable)?;
    }
    let origin = format!("http://{address}");

    let clock = Arc::new(StackClock::open(folder.as_ref().map(Folder::clock))?);
    let engine = Engine::open(folder.as_ref().map(Folder::database).as_deref(), clock.clone())?;
    engine.ensure_table(&template.table).await?;
    let mail = Arc::new(MailStore::open(folder.as_ref().map(Folder::mail).as_deref())?);
    let issuer_url = format!("{origin}{}", issuer::PATH);
    let tokens = Tokens::open(
        folder.as_ref().map(Folder::signing_key).as_deref(),
        issuer_url,
        clock.clone(),
    )?;
    let calls = Arc::new(Calls::default());
    let dynamodb = DynamoDb {
        engine: engine.clone(),
        calls: calls.clone(),
        faults: Arc::new(Faults::default()),
    };
    let email = SimpleEmail {
        ses: Arc::new(Ses::new(mail, clock.clone())),
        calls,
    };

    let surroundings = Surroundings {
        clients: Clients::new(dynamodb.clone(), email.clone()),
        administration_dynamodb: uncounted_dynamodb(engine.clone()),
        clock: clock.clone(),
        table_name: template.table.name.clone(),
        service_secret: SERVICE_SECRET.to_owned(),
        origin: origin.clone(),
        issuer: tokens.issuer().to_owned(),
        environment: environment(&template),
    };
    let wiring = wiring::product(&surroundings).map_err(StartError::Wiring)?;
    let functions = match options.lambda {
        None => Functions::InProcess(Arc::new(wiring.functions)),
        Some(base) => Functions::Remote {
            base,
            client: reqwest::Client::new(),
        },
    };
    let timeouts = template
        .functions
        .iter()
        .map(|(name, function)| (name.clone(), function.timeout))
        .collect();
    let invoker = Invoker::new(functions, timeouts, clock.clone());

    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let mailer = Mailer {
        engine: engine.clone(),
        invoker: invoker.clone(),
        clock: clock.clone(),
        table_name: template.table.name.clone(),
        checkpoint: folder.as_ref().map(Folder::checkpoint),
    };
    let streams = if options.no_stream {
        Vec::new()
    } else {
        template.streams
    };
    let schedules = if options.no_schedule {
        Vec::new()
    } else {
        template.schedules
    };
    let mailer = mailer.start(streams, schedules, &stopped, &mut tasks).await?;

    let people = People::new(wiring.administration, invoker.clone(), tokens.clone(), clock.clone());
    let control = Arc::new(Control {
        dynamodb,
        email,
        clock: clock.clone(),
        tokens: tokens.clone(),
        people,
        mailer,
    });
    let gateway = Arc::new(Gateway {
        routes: template.routes,
        tokens,
        invoker,
        clock,
    });
    let router = Router::new()
        .nest("/_local", local_calls::router(control.clone(), &origin))
        .fallback(axum::routing::any(gateway::serve).with_state(gateway));
    tasks.spawn(serve(listener, router, stopped));
    tasks.spawn(clean_up_by_the_hour(engine, stop.subscribe()));

    if folder.as_ref().is_some_and(|folder| !folder.is_fresh()) {
        // What became due while the stack was down.
        control.mailer.hurry();
    }
    Ok(Stack {
        address,
        control,
        stop,
        tasks,
        folder,
    })
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
        let hour = tokio::time::sleep(std::time::Duration::from_secs(3_600));
        tokio::select! {
            () = hour => {}
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
