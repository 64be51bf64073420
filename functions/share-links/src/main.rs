//! The Lambda function `share-links`.

use contacts::link::LinkBase;
use lambda_http::Error;
use share_links::router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    contacts_http::start::start(
        |configuration| {
            configuration.required("LINK_BASE_URL", "what links begin with", |text| {
                LinkBase::parse(text).ok()
            })
        },
        router,
    )
    .await
}
