//! Secrets of this server, as `[secrets]` of deploy.toml delivers them: in the environment, or by their ARNs.

use std::{env, error::Error as StdError, time::Duration};

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, Uri},
};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use pmcp::{Error, Result};
use serde::Deserialize;
use tokio::{sync::OnceCell, time::timeout};

/// The largest secret has 64 KiB, and each character may be escaped.
const MAX_ANSWER_BYTES: usize = 1 << 20;

const PATIENCE: Duration = Duration::from_secs(5);

/// A secret that is read when it is first asked for, and remembered.
///
/// ```ignore
/// static WEATHER_API_KEY: Secret = Secret::new("WEATHER_API_KEY");
/// let key = WEATHER_API_KEY.get().await?;
/// ```
///
/// Ask for it while a request is handled: before the first one, the AWS extension may not be ready to answer.
pub struct Secret {
    name: &'static str,
    value: OnceCell<String>,
}

impl Secret {
    /// The secret of this name in `[secrets]`.
    pub const fn new(name: &'static str) -> Self {
        Self { name, value: OnceCell::const_new() }
    }

    /// Its value. A failure is not remembered: the next request tries again.
    pub async fn get(&self) -> Result<&str> {
        let value = self.value.get_or_try_init(|| read(self.name, |name| env::var(name).ok())).await?;
        Ok(value)
    }
}

async fn read(name: &str, variable: impl Fn(&str) -> Option<String>) -> Result<String> {
    if let Some(value) = variable(name) {
        return Ok(value);
    }
    let Some(arn) = variable(&format!("{name}_SECRET_ARN")) else {
        return Err(Error::internal(format!(
            "the secret {name} is not there: declare it in [secrets] of .pmcp/deploy.toml"
        )));
    };
    let port = variable("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT").unwrap_or_else(|| "2773".into());
    let token = variable("AWS_SESSION_TOKEN").unwrap_or_default();
    match timeout(PATIENCE, fetch(&arn, &port, &token)).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Error::internal(format!("cannot read the secret {name}: {error}"))),
        Err(_) => Err(Error::internal(format!("cannot read the secret {name}: no answer in {} s", PATIENCE.as_secs()))),
    }
}

/// What is looked at of the extension's answer.
#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "SecretString")]
    value: String,
}

/// Asks the AWS Parameters and Secrets Lambda Extension, which signs the request to Secrets Manager. It is on this machine, so there
/// is no TLS, and the HTTP client is the one that the Lambda runtime has anyway.
async fn fetch(arn: &str, port: &str, token: &str) -> std::result::Result<String, Box<dyn StdError + Send + Sync>> {
    // Of the characters that an ARN can have, the plus alone means something else in a query.
    let uri: Uri =
        format!("http://localhost:{port}/secretsmanager/get?secretId={}", arn.replace('+', "%2B")).parse()?;
    let request = Request::get(uri).header("X-Aws-Parameters-Secrets-Token", token).body(Body::empty())?;
    let response = Client::builder(TokioExecutor::new()).build_http().request(request).await?;
    let status = response.status();
    let body = to_bytes(Body::new(response.into_body()), MAX_ANSWER_BYTES).await?;
    if status != StatusCode::OK {
        return Err(format!("HTTP {}: {}", status.as_u16(), String::from_utf8_lossy(&body).trim()).into());
    }
    // What serde says of an error could quote the value.
    let answer: Answer = serde_json::from_slice(&body).map_err(|_| "the answer has no SecretString")?;
    Ok(answer.value)
}

#[cfg(test)]
mod tests {
    use axum::{Router, routing::get};
    use tokio::net::TcpListener;

    use super::*;

    const ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:pmcp-deploy/a+b/default/KEY-AbCdEf";

    /// An extension that knows one secret; returns its port.
    async fn extension(status: StatusCode, body: &'static str) -> String {
        let answer = move |request: Request<Body>| async move {
            let query =
                "secretId=arn:aws:secretsmanager:us-east-1:123456789012:secret:pmcp-deploy/a%2Bb/default/KEY-AbCdEf";
            let token = request.headers().get("x-aws-parameters-secrets-token");
            match request.uri().query() == Some(query) && token.is_some_and(|token| token == "session") {
                true => (status, body),
                false => (StatusCode::FORBIDDEN, "not for you"),
            }
        };
        let listener = TcpListener::bind("localhost:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(
            async move { axum::serve(listener, Router::new().route("/secretsmanager/get", get(answer))).await },
        );
        port.to_string()
    }

    async fn read_by_arn(status: StatusCode, body: &'static str) -> Result<String> {
        let port = extension(status, body).await;
        read("KEY", |name| match name {
            "KEY_SECRET_ARN" => Some(ARN.into()),
            "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT" => Some(port.clone()),
            "AWS_SESSION_TOKEN" => Some("session".into()),
            _ => None,
        })
        .await
    }

    #[tokio::test]
    async fn reads_the_environment_first() {
        assert_eq!(read("KEY", |_| Some("value".into())).await.unwrap(), "value");
    }

    #[tokio::test]
    async fn reads_by_arn_from_the_extension() {
        let answer = r#"{"ARN": "…", "Name": "KEY", "SecretString": "a \"value\"", "VersionStages": ["AWSCURRENT"]}"#;
        assert_eq!(read_by_arn(StatusCode::OK, answer).await.unwrap(), "a \"value\"");
    }

    #[tokio::test]
    async fn tells_why_there_is_no_value() {
        let refused =
            read_by_arn(StatusCode::BAD_REQUEST, "not ready to serve traffic, please wait").await.unwrap_err();
        assert!(
            refused
                .to_string()
                .contains("cannot read the secret KEY: HTTP 400: not ready to serve traffic, please wait")
        );
        let missing = read("KEY", |_| None).await.unwrap_err();
        assert!(
            missing.to_string().contains("the secret KEY is not there: declare it in [secrets] of .pmcp/deploy.toml")
        );
    }

    #[tokio::test]
    async fn shows_nothing_of_an_answer_that_it_does_not_understand() {
        let error = read_by_arn(StatusCode::OK, r#"{"SecretString": {"user": "hunter2"}}"#).await.unwrap_err();
        assert!(error.to_string().contains("the answer has no SecretString"));
        assert!(!error.to_string().contains("hunter2"));
    }

    #[tokio::test]
    async fn does_not_remember_a_failure() {
        let secret = Secret::new("PMCP_DEPLOY_NO_SUCH_SECRET");
        assert!(secret.get().await.is_err());
        assert!(secret.value.get().is_none());
    }
}
