//! AWS clients: one HTTPS client a process, shared by all of them.

use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig, timeout::TimeoutConfig};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use crate::Configuration;

/// The roots that AWS's endpoints are signed by: Amazon Root CA 1 to 4 and Starfield Services G2, as
/// <https://www.amazontrust.com/repository/> lists them. Reading the whole of a system's trust store
/// takes longer than the rest of a cold start.
const AWS_ROOTS: &[u8] = include_bytes!("aws-roots.pem");

/// What the clients need beside what AWS's own variables say of region, credentials and endpoints.
#[derive(Debug, Clone)]
pub struct ClientConfiguration {
    /// Whom an endpoint's certificate has to be signed by, as PEM.
    roots: Vec<u8>,
}

impl ClientConfiguration {
    /// Reads `AWS_CA_BUNDLE`: a file of certificates that are trusted in place of AWS's roots, for endpoints
    /// behind a proxy of one's own.
    pub fn read(configuration: &mut Configuration<'_>) -> Option<Self> {
        let bundle = configuration.optional("AWS_CA_BUNDLE", "the path of a PEM file with certificates", |path| {
            std::fs::read(path).ok().filter(|pem| are_certificates(pem))
        });
        Some(Self {
            roots: bundle.unwrap_or_else(|| AWS_ROOTS.to_vec()),
        })
    }

    /// The configuration of all clients.
    ///
    /// # Errors
    /// When there can be no HTTPS client.
    pub async fn load(self) -> Result<SdkConfig, Box<dyn std::error::Error + Send + Sync>> {
        // One try leaves room for another in any function: the shortest has five seconds.
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(1))
            .operation_attempt_timeout(Duration::from_secs(2))
            .build();
        Ok(aws_config::defaults(BehaviorVersion::latest())
            .http_client(self.https()?)
            .timeout_config(timeouts)
            .load()
            .await)
    }

    fn https(self) -> Result<SharedHttpClient, Box<dyn std::error::Error + Send + Sync>> {
        let roots = TrustStore::empty().with_pem_certificate(self.roots);
        let context = TlsContext::builder().with_trust_store(roots).build()?;
        Ok(Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(context)
            .build_https())
    }
}

/// At least one, and each good for a root: the client takes that for granted, and panics otherwise.
fn are_certificates(pem: &[u8]) -> bool {
    let mut roots = RootCertStore::empty();
    let all_good = CertificateDer::pem_slice_iter(pem)
        .all(|certificate| certificate.is_ok_and(|certificate| roots.add(certificate).is_ok()));
    all_good && !roots.is_empty()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use aws_credential_types::Credentials;
    use aws_sdk_dynamodb::{
        Client,
        config::{Region, retry::RetryConfig},
        error::DisplayErrorContext,
    };
    use rcgen::{CertifiedKey, generate_simple_self_signed};
    use rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer};
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };
    use tokio_rustls::TlsAcceptor;

    use super::*;
    use crate::ConfigurationError;

    /// With `AWS_CA_BUNDLE` set to a file of this content, or not set.
    fn configuration(bundle: Option<&str>) -> Result<ClientConfiguration, ConfigurationError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bundle.unwrap_or_default()).unwrap();
        let path = file.path().to_str().unwrap().to_owned();
        let variable = |name: &str| bundle.filter(|_| name == "AWS_CA_BUNDLE").map(|_| path.clone());
        Configuration::read(&variable, ClientConfiguration::read)
    }

    /// An endpoint that no authority vouches for: its origin, and its certificate as PEM. It has one answer to all.
    async fn endpoint() -> (String, String) {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let (acceptor, listener) = (
            TlsAcceptor::from(Arc::new(tls)),
            TcpListener::bind("127.0.0.1:0").await.unwrap(),
        );
        let origin = format!("https://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let Ok(mut connection) = acceptor.accept(connection).await else {
                    continue;
                };
                let mut request = Vec::new();
                while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                    connection.read_buf(&mut request).await.unwrap();
                }
                let body = r#"{"TableNames":["contacts"]}"#;
                let length = body.len();
                let response = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\n\
                     content-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
                connection.write_all(response.as_bytes()).await.unwrap();
                connection.shutdown().await.unwrap();
            }
        });
        (origin, cert.pem())
    }

    async fn tables(configuration: ClientConfiguration, origin: &str) -> Result<Vec<String>, String> {
        let client = Client::from_conf(
            aws_sdk_dynamodb::Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .http_client(configuration.https().unwrap())
                .region(Region::from_static("us-east-1"))
                .credentials_provider(Credentials::from_keys("key", "secret", None))
                .retry_config(RetryConfig::disabled())
                .endpoint_url(origin)
                .build(),
        );
        let answered = client.list_tables().send().await;
        answered
            .map(|tables| tables.table_names.unwrap_or_default())
            .map_err(|error| DisplayErrorContext(error).to_string())
    }

    #[tokio::test]
    async fn a_bundle_takes_the_place_of_the_roots() {
        let (origin, certificate) = endpoint().await;
        let with = configuration(Some(&certificate)).unwrap();
        assert_eq!(tables(with, &origin).await.unwrap(), ["contacts"]);
        let refused = tables(configuration(None).unwrap(), &origin).await.unwrap_err();
        assert!(refused.contains("UnknownIssuer"), "{refused}");
        let (_, foreign) = endpoint().await;
        let refused = tables(configuration(Some(&foreign)).unwrap(), &origin)
            .await
            .unwrap_err();
        assert!(refused.contains("invalid peer certificate"), "{refused}");
    }

    #[test]
    fn a_bundle_that_cannot_be_used_is_a_fault_of_its_variable() {
        let certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for bad in ["", "no certificate", certificate, "-----BEGIN CERTIFICATE-----\n"] {
            let error = configuration(Some(bad)).unwrap_err().to_string();
            assert!(error.contains("AWS_CA_BUNDLE must be"), "{bad}: {error}");
        }
        let nowhere = |name: &str| (name == "AWS_CA_BUNDLE").then(|| "/nowhere/bundle.pem".to_owned());
        let error = Configuration::read(&nowhere, ClientConfiguration::read).unwrap_err();
        assert!(!error.to_string().contains("nowhere"), "{error}");
        assert!(are_certificates(AWS_ROOTS));
    }
}
