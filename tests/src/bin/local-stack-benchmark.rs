//! What the local stack costs: memory at rest, the import of `tests/people.csv`, and searches among
//! those people. Prints a table; judges nothing. Started by `tests/benchmark`, which builds the
//! release binaries first.
#![allow(clippy::print_stdout, reason = "it is a command")]

use std::{
    error::Error,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use contacts_tests::root;
use reqwest::Client;
use serde_json::{Value, json};

type Anything<T> = Result<T, Box<dyn Error>>;

/// Each is searched as often as [`ROUNDS`] says.
const QUERIES: &[&str] = &[
    "ta",
    "tanaka",
    "田中",
    "たなか",
    "ﾀﾅｶ",
    "yoko ishi",
    "youko",
    "jose",
    "sat",
    "sato",
    "williams",
    "suzuki h",
    "yamamoto",
    "山本",
    "an",
    "maria",
    "demo",
    "ito",
    "中",
];
const ROUNDS: usize = 50;

/// A running stack; ended when dropped.
struct Running {
    child: Child,
    base: String,
    // Open for as long as the stack prints.
    _printed: BufReader<ChildStdout>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Anything<()> {
    let stack = std::env::current_exe()?.with_file_name("contacts-local");
    let data = std::env::temp_dir().join(format!("contacts-benchmark-{}", std::process::id()));
    let outcome = measure(&stack, &data).await;
    let _ = std::fs::remove_dir_all(&data);
    outcome
}

async fn measure(stack: &Path, data: &Path) -> Anything<()> {
    let client = Client::new();
    let running = start(stack, data)?;
    local(&client, &running, "idle", json!({})).await?;
    let rest = memory(&running)?;
    let began = Instant::now();
    let people = root().join("tests/people.csv");
    let import = Command::new(stack)
        .arg("import")
        .arg(&people)
        .arg("--data")
        .arg(data)
        .stderr(Stdio::null())
        .output()?;
    let imported = began.elapsed();
    println!("{}", String::from_utf8_lossy(&import.stdout).trim());
    local(&client, &running, "idle", json!({})).await?;
    let searcher = json!({"name": "Benchmark", "email": "benchmark@people.example"});
    let made = local(&client, &running, "users", searcher).await?;
    let token = made.get("access_token").and_then(Value::as_str).unwrap_or_default();

    let mut times = Vec::with_capacity(QUERIES.len() * ROUNDS);
    let cpu = cpu_seconds(&running)?;
    for _ in 0..ROUNDS {
        for query in QUERIES {
            let search = client
                .get(format!("{}/users", running.base))
                .query(&[("q", query)])
                .bearer_auth(token);
            let began = Instant::now();
            let answer = search.send().await?;
            answer.error_for_status()?.bytes().await?;
            times.push(began.elapsed());
        }
    }
    let cpu = (cpu_seconds(&running)? - cpu) / times.len().max(1) as f64;
    times.sort();
    let at = |share: f64| {
        times
            .get((times.len() as f64 * share) as usize)
            .copied()
            .unwrap_or_default()
    };

    let after = memory(&running)?;
    drop(running);
    let running = start(stack, data)?;
    local(&client, &running, "idle", json!({})).await?;
    let restarted = memory(&running)?;

    println!("machine                       {}", machine());
    println!("memory at rest, demo data     {rest:>8.1} MB (resident)");
    println!("import of 2,500 people        {:>8.1} s", imported.as_secs_f64());
    println!("memory at rest afterwards     {after:>8.1} MB (resident)");
    println!("memory after a new start      {restarted:>8.1} MB (resident)");
    println!("searches                      {:>8}", times.len());
    for (name, share) in [("median", 0.5), ("95 %", 0.95), ("99 %", 0.99)] {
        println!("  wall, {name:<22} {:>9.2} ms", milliseconds(at(share)));
    }
    println!("  CPU of the stack, mean      {:>9.2} ms", cpu * 1_000.0);
    Ok(())
}

fn start(stack: &Path, data: &Path) -> Anything<Running> {
    let mut child = Command::new(stack)
        .current_dir(root())
        .args(["--port", "0", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let printed = child.stdout.take().ok_or("the stack has no output")?;
    let mut printed = BufReader::new(printed);
    let mut line = String::new();
    while printed.read_line(&mut line)? > 0 {
        if let Some(at) = line.find("http://127.0.0.1:") {
            let base = line.get(at..).unwrap_or_default().trim().to_owned();
            return Ok(Running {
                child,
                base,
                _printed: printed,
            });
        }
        line.clear();
    }
    Err("the stack does not say where it is".into())
}

async fn local(client: &Client, running: &Running, call: &str, body: Value) -> Anything<Value> {
    let answer = client
        .post(format!("{}/_local/{call}", running.base))
        .json(&body)
        .send()
        .await?
        .error_for_status()?;
    Ok(answer.json().await?)
}

/// Resident memory of the stack, in megabytes (10^6 bytes).
fn memory(running: &Running) -> Anything<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.child.id()))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .ok_or("no VmRSS")?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kibibytes * 1_024.0 / 1e6)
}

/// User and system time of the stack; a tick is a hundredth of a second on Linux.
fn cpu_seconds(running: &Running) -> Anything<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", running.child.id()))?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| {
        fields
            .get(at)
            .and_then(|ticks| ticks.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    Ok((ticks(11) + ticks(12)) / 100.0)
}

fn machine() -> String {
    let cpus = std::thread::available_parallelism().map_or(0, usize::from);
    let model = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .unwrap_or_default();
    format!("{}, {cpus} CPUs", model.trim_start_matches([' ', '\t', ':']))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
