//! The Lambda function `email-invitations`.

use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    contacts_http::start::start(|_| Some(()), |api, ()| email_invitations::router(api)).await
}
