//! Secrets of this server, as `[secrets]` of deploy.toml delivers them: in the environment, or by their ARNs.

use std::{
    env,
    error::Error as StdError,
    sync::{Arc, OnceLock},
    time::{Duration, SystemTime},
};

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, Uri},
};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use lambda_http::tracing::{error, warn};
use pmcp::{Error, Result};
use serde::Deserialize;
use tokio::{sync::watch, time::timeout};

/// The largest secret has 64 KiB, and each character may be escaped.
const MAX_ANSWER_BYTES: usize = 1 << 20;

const PATIENCE: Duration = Duration::from_secs(5);

/// A value is read again after this time, so that a rotated secret is noticed. The extension remembers it for five minutes itself.
const GOOD_FOR: Duration = Duration::from_secs(60);

/// When the value cannot be read again, the one from before is used, and reading is tried again after this time.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// A secret that is read when it is asked for, and remembered for a minute.
///
/// ```ignore
/// static WEATHER_API_KEY: Secret = Secret::new("WEATHER_API_KEY");
/// let key = WEATHER_API_KEY.get().await?;
/// ```
///
/// Ask for it while a request is handled: before the first one, the AWS extension may not be ready to answer.
pub struct Secret {
    name: &'static str,
    remembered: OnceLock<watch::Sender<Option<Remembered>>>,
}

/// A value that was read. Its time is wall-clock time, which continues while Lambda freezes the process.
#[derive(Clone)]
struct Remembered {
    value: Arc<str>,
    since: SystemTime,
    good_for: Duration,
}

impl Remembered {
    fn is_good(&self, now: SystemTime) -> bool {
        now.duration_since(self.since).is_ok_and(|age| age < self.good_for)
    }
}

impl Secret {
    /// The secret of this name in `[secrets]`.
    pub const fn new(name: &'static str) -> Self {
        Self { name, remembered: OnceLock::new() }
    }

    /// Its value. A failure is not remembered: the next request tries again.
    pub async fn get(&self) -> Result<Arc<str>> {
        self.get_at(SystemTime::now(), |name| env::var(name).ok()).await
    }

    /// Requests do not wait for each other: two that find the value too old both read it.
    async fn get_at(&self, now: SystemTime, variable: impl Fn(&str) -> Option<String>) -> Result<Arc<str>> {
        let remembered = self.remembered.get_or_init(|| watch::Sender::new(None));
        let known = remembered.borrow().clone();
        if let Some(Remembered { value, .. }) = known.as_ref().filter(|known| known.is_good(now)) {
            return Ok(value.clone());
        }
        let (value, good_for) = match (read(self.name, variable).await, known) {
            (Ok(value), _) => (value.into(), GOOD_FOR),
            (Err(reason), Some(old)) => {
                warn!("the secret {} cannot be read again, its value from before is used: {reason}", self.name);
                (old.value, RETRY_AFTER)
            }
            (Err(reason), None) => {
                // The reason names the account, the role and the secret: it is for the log, not for the caller.
                error!("the secret {} cannot be read: {reason}", self.name);
                return Err(Error::internal(format!("the secret {} cannot be read", self.name)));
            }
        };
        remembered.send_replace(Some(Remembered { value: Arc::clone(&value), since: now, good_for }));
        Ok(value)
    }
}

async fn read(
    name: &str,
    variable: impl Fn(&str) -> Option<String>,
) -> std::result::Result<String, Box<dyn StdError + Send + Sync>> {
    if let Some(value) = variable(name) {
        return Ok(value);
    }
    let Some(arn) = variable(&format!("{name}_SECRET_ARN")) else {
        return Err("it is not there: declare it in [secrets] of .pmcp/deploy.toml".into());
    };
    let port = variable("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT").unwrap_or_else(|| "2773".into());
    let token = variable("AWS_SESSION_TOKEN").unwrap_or_default();
    timeout(PATIENCE, fetch(&arn, &port, &token))
        .await
        .unwrap_or_else(|_| Err(format!("no answer in {} s", PATIENCE.as_secs()).into()))
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

    fn variables(port: String) -> impl Fn(&str) -> Option<String> {
        move |name| match name {
            "KEY_SECRET_ARN" => Some(ARN.into()),
            "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT" => Some(port.clone()),
            "AWS_SESSION_TOKEN" => Some("session".into()),
            _ => None,
        }
    }

    async fn read_by_arn(
        status: StatusCode,
        body: &'static str,
    ) -> std::result::Result<String, Box<dyn StdError + Send + Sync>> {
        read("KEY", variables(extension(status, body).await)).await
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
    async fn tells_the_log_why_there_is_no_value() {
        let refused =
            read_by_arn(StatusCode::BAD_REQUEST, "not ready to serve traffic, please wait").await.unwrap_err();
        assert_eq!(refused.to_string(), "HTTP 400: not ready to serve traffic, please wait");
        let missing = read("KEY", |_| None).await.unwrap_err();
        assert_eq!(missing.to_string(), "it is not there: declare it in [secrets] of .pmcp/deploy.toml");
    }

    /// security M9: the caller sees neither account nor role nor ARN.
    #[tokio::test]
    async fn m9_tells_the_caller_no_more_than_that_it_cannot_be_read() {
        let denied =
            "AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/server-role/server is not authorized";
        let port = extension(StatusCode::BAD_REQUEST, denied).await;
        let closed: String = "1".into();
        for (port, delivered) in [(port, true), (closed, true), ("".into(), true), ("".into(), false)] {
            let variable = variables(port);
            let error = Secret::new("KEY")
                .get_at(SystemTime::now(), |name| if delivered { variable(name) } else { None })
                .await
                .unwrap_err();
            assert_eq!(error.to_string(), Error::internal("the secret KEY cannot be read").to_string());
        }
    }

    /// security L14: a rotated secret is noticed, and a failure does not take away what is there.
    #[tokio::test]
    async fn l14_reads_a_rotated_secret_again() {
        let first = extension(StatusCode::OK, r#"{"SecretString": "first"}"#).await;
        let second = extension(StatusCode::OK, r#"{"SecretString": "second"}"#).await;
        let broken = extension(StatusCode::BAD_REQUEST, "busy").await;
        let secret = Secret::new("KEY");
        let start = SystemTime::now();
        for (after, port, expected) in [
            (0, &first, "first"),
            (59, &second, "first"),
            (60, &second, "second"),
            (120, &broken, "second"),
            (149, &first, "second"),
            (150, &first, "first"),
        ] {
            let value = secret.get_at(start + Duration::from_secs(after), variables(port.clone())).await.unwrap();
            assert_eq!(&*value, expected, "after {after} s");
        }
        // A clock that was set back does not make a value last longer.
        let value = secret.get_at(start - Duration::from_secs(3600), variables(second)).await.unwrap();
        assert_eq!(&*value, "second");
    }

    #[tokio::test]
    async fn shows_nothing_of_an_answer_that_it_does_not_understand() {
        let error = read_by_arn(StatusCode::OK, r#"{"SecretString": {"user": "hunter2"}}"#).await.unwrap_err();
        assert_eq!(error.to_string(), "the answer has no SecretString");
    }

    #[tokio::test]
    async fn does_not_remember_a_failure() {
        let secret = Secret::new("PMCP_DEPLOY_NO_SUCH_SECRET");
        assert!(secret.get().await.is_err());
        assert!(secret.remembered.get().unwrap().borrow().is_none());
    }
}
