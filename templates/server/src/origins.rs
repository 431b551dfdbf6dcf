//! Which web pages may call: the protocol wants 403 for a request of any other origin.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use lambda_http::tracing::info;

/// The origins whose pages may call, such as `https://app.example.com`.
#[derive(Clone, Debug)]
pub struct Origins(Arc<[String]>);

impl Origins {
    /// Origins with white space between them, as `MCP_ALLOWED_ORIGINS` has them. There is no wildcard.
    pub fn parse(list: &str) -> Self {
        Self(list.split_whitespace().map(Into::into).collect())
    }

    /// Whether a request may come in: programs send no origin, browsers name that of the page.
    fn allow(&self, headers: &HeaderMap) -> bool {
        let known = |origin: &[u8]| self.0.iter().any(|each| each.as_bytes().eq_ignore_ascii_case(origin));
        headers.get_all(header::ORIGIN).iter().all(|origin| known(origin.as_bytes()))
    }
}

/// Middleware that refuses requests of other origins before anything is done for them.
pub async fn check(State(origins): State<Origins>, request: Request, next: Next) -> Response {
    if origins.allow(request.headers()) {
        return next.run(request).await;
    }
    info!(origin = ?request.headers().get(header::ORIGIN), "refused: the origin is not one of MCP_ALLOWED_ORIGINS");
    (StatusCode::FORBIDDEN, "Forbidden: this origin may not call the server\n").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(list: &str, origins: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for origin in origins {
            headers.append(header::ORIGIN, origin.parse().unwrap());
        }
        Origins::parse(list).allow(&headers)
    }

    #[test]
    fn l12_lets_programs_and_listed_pages_in() {
        let list = "https://app.example.com http://localhost:6274";
        for origins in [&[][..], &["https://app.example.com"], &["http://localhost:6274"], &["https://App.Example.com"]]
        {
            assert!(allows(list, origins), "{origins:?}");
        }
        assert!(allows("", &[]));
    }

    #[test]
    fn l12_keeps_all_other_pages_out() {
        let list = "https://app.example.com http://localhost:6274";
        for origin in [
            "https://evil.example",
            "http://app.example.com",
            "https://app.example.com:8443",
            "https://app.example.com.evil.example",
            "https://evil.example/https://app.example.com",
            "https://app.example.com/",
            "https://app.example.com,https://evil.example",
            "http://localhost",
            "null",
            "*",
            "",
        ] {
            assert!(!allows(list, &[origin]), "{origin}");
            assert!(!allows("", &[origin]), "{origin}");
        }
        assert!(!allows(list, &["https://app.example.com", "https://evil.example"]));
        assert!(!allows("*", &["https://evil.example"]));
    }
}
