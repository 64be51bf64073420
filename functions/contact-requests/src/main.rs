//! The Lambda function `contact-requests`.

use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    contacts_http::start::start(|_| Some(()), |api, ()| contact_requests::router(api)).await
}
