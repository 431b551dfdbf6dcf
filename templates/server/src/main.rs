//! One binary for both worlds: an AWS Lambda function, and a local HTTP server with `cargo run`.

mod caller;
mod metrics;
mod origins;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the sample's tools need no secret: take this line out when one of yours does")
)]
mod secrets;
mod server;
mod tools;

use std::{env, error::Error};

use lambda_http::tracing::{
    info,
    level_filters::LevelFilter,
    subscriber::{self, Layer, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt},
};
use origins::Origins;
use pmcp::axum::AllowedOrigins;
use tokio::{net::TcpListener, signal};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    init_logging();
    // API Gateway passes the whole path on, so the server answers where it is deployed.
    let path = env::var("MCP_PATH").unwrap_or_else(|_| "/mcp".into());
    // The gateway checks callers. The server must be told explicitly if it does not.
    let public = env::var("MCP_AUTH_MODE").is_ok_and(|mode| mode == "none");

    if env::var_os("AWS_LAMBDA_RUNTIME_API").is_some() {
        let origins = Origins::parse(&env::var("MCP_ALLOWED_ORIGINS").unwrap_or_default());
        return lambda_http::run(server::behind_gateway(&path, origins, public)?).await;
    }

    // On a developer's machine, any page in the browser could reach us: local origins only.
    let app = server::router(&path, AllowedOrigins::localhost(), public)?;
    let address = format!("127.0.0.1:{}", env::var("PORT").unwrap_or_else(|_| "3000".into()));
    let listener = TcpListener::bind(&address).await.map_err(|error| format!("cannot listen on {address}: {error}"))?;
    if !public {
        info!("tools that need a caller will refuse, because there is no sign-in here; MCP_AUTH_MODE=none allows them");
    }
    info!("listening on http://{}{path}", listener.local_addr()?);
    axum::serve(listener, app).with_graceful_shutdown(async { signal::ctrl_c().await.unwrap_or_default() }).await?;
    Ok(())
}

/// Logs one JSON object per line where Lambda asks for JSON, and readable lines elsewhere.
///
/// `RUST_LOG` sets the level, also by module: `warn,pmcp=debug`. (`EnvFilter` would add 0.9 MB of regular expressions.)
fn init_logging() {
    let level = env::var("RUST_LOG").or_else(|_| env::var("AWS_LAMBDA_LOG_LEVEL")).unwrap_or_else(|_| "info".into());
    let filter: Targets = level.parse().unwrap_or_else(|_| Targets::new().with_default(LevelFilter::INFO));
    // pmcp warns that no key for follow-up questions is set. No tool here asks any: take this line out when one does.
    let filter = filter.with_target("pmcp::server::request_state", LevelFilter::ERROR);
    let json = env::var("AWS_LAMBDA_LOG_FORMAT").is_ok_and(|format| format.eq_ignore_ascii_case("json"));
    let lines = if json {
        fmt::layer().json().flatten_event(true).boxed()
    } else {
        fmt::layer().with_writer(std::io::stderr).boxed()
    };
    subscriber::registry().with(lines.with_filter(filter)).init();
}
