//! The Lambda function `user-search`.

use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    contacts_http::start::start(|_| Some(()), |api, ()| user_search::router(api)).await
}
