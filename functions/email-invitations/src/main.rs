//! The Lambda function `email-invitations`.

use email_invitations::{MailSettings, router};
use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    contacts_http::start::start(MailSettings::read, router).await
}
