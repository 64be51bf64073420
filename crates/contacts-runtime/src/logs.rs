//! Logs: JSON lines, for CloudWatch.

use tracing_subscriber::EnvFilter;

/// Starts logging to standard output; `RUST_LOG` sets what, `info` without it.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // CloudWatch puts its own time on each line.
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_target(false)
        .without_time()
        .init();
}
