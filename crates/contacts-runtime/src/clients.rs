//! AWS clients: one HTTPS client a process, shared by all of them.

use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig, timeout::TimeoutConfig};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};

/// The roots that AWS's endpoints are signed by: Amazon Root CA 1 to 4 and Starfield Services G2, as
/// <https://www.amazontrust.com/repository/> lists them. Reading the whole of a system's trust store
/// takes longer than the rest of a cold start.
const AWS_ROOTS: &[u8] = include_bytes!("aws-roots.pem");

/// The configuration of all clients: region, credentials and endpoints from the environment.
///
/// `trust_store` replaces the built-in roots, as PEM: for endpoints behind a proxy of one's own.
///
/// # Errors
/// When the trust store cannot be used.
pub async fn configuration(
    trust_store: Option<Vec<u8>>,
) -> Result<SdkConfig, Box<dyn std::error::Error + Send + Sync>> {
    let roots = TrustStore::empty().with_pem_certificate(trust_store.unwrap_or_else(|| AWS_ROOTS.to_vec()));
    let context = TlsContext::builder().with_trust_store(roots).build()?;
    let https = Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(context)
        .build_https();
    // One try leaves room for another in any function: the shortest has five seconds.
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(2))
        .build();
    Ok(aws_config::defaults(BehaviorVersion::latest())
        .http_client(https)
        .timeout_config(timeouts)
        .load()
        .await)
}
