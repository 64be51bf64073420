//! The Lambda function `share-links`.

use lambda_http::Error;
use share_links::router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    contacts_http::start::start(|configuration| configuration.link_base(), router).await
}
