//! The Lambda function `email-invitations`.

use contacts_runtime::configuration::MailConfiguration;
use email_invitations::router;
use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    contacts_http::start::start(MailConfiguration::read, router).await
}
