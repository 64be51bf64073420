//! The Lambda function `share-links`.

use lambda_http::Error;
use share_links::{LinkBase, router};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    contacts_http::start::start(
        |configuration| configuration.required("LINK_BASE_URL", "what links begin with", LinkBase::parse),
        router,
    )
    .await
}
