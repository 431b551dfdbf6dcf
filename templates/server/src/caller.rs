//! Who calls: the claims of the access token, which API Gateway has checked before it invokes the function.

use std::collections::HashMap;

use axum::{extract::Request, middleware::Next, response::Response};
use lambda_http::{RequestExt, request::RequestContext};
use pmcp::{Error, Result};

tokio::task_local! {
    static CALLER: Option<Caller>;
}

/// The bearer of the access token that came with a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Caller {
    claims: HashMap<String, String>,
}

impl Caller {
    /// Who makes the request that is being handled; nobody where the endpoint asks for no token, as on a developer's machine.
    pub fn current() -> Option<Self> {
        CALLER.try_with(Clone::clone).ok().flatten()
    }

    /// A claim of the token, as text.
    pub fn claim(&self, name: &str) -> Option<&str> {
        self.claims.get(name).map(String::as_str)
    }

    /// The id of the person, or of the machine, at the issuer.
    pub fn subject(&self) -> Option<&str> {
        self.claim("sub")
    }

    /// The OAuth client that the token was given to.
    pub fn client(&self) -> Option<&str> {
        self.claim("client_id").or_else(|| self.claim("azp"))
    }

    /// What the token allows.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.claim("scope").or_else(|| self.claim("scp")).unwrap_or_default().split_whitespace()
    }

    /// Fails where the token lacks a scope. The gateway wants one of the server's scopes; which one a tool needs is the tool's business.
    pub fn require(&self, scope: &str) -> Result<()> {
        if self.scopes().any(|each| each == scope) {
            return Ok(());
        }
        Err(Error::tool_rejected(format!("this needs the scope {scope}, which the access token does not have"), None))
    }
}

/// Middleware that lets tools ask for the caller.
pub async fn remember(request: Request, next: Next) -> Response {
    let caller = caller_of(&request);
    CALLER.scope(caller, next.run(request)).await
}

fn caller_of(request: &Request) -> Option<Caller> {
    // Only the Lambda runtime puts this there; no header of a client can.
    let Some(RequestContext::ApiGatewayV2(context)) = request.request_context_ref() else { return None };
    let claims = context.authorizer.as_ref()?.jwt.as_ref()?.claims.clone();
    Some(Caller { claims })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(claims: &[(&str, &str)]) -> Caller {
        Caller { claims: claims.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect() }
    }

    /// A request as the Lambda runtime hands it over.
    fn request(authorizer: serde_json::Value) -> Request {
        let event = serde_json::json!({
            "version": "2.0", "routeKey": "POST /mcp", "rawPath": "/mcp", "rawQueryString": "", "headers": {}, "isBase64Encoded": false,
            "requestContext": {
                "apiId": "api", "stage": "$default", "requestId": "1", "timeEpoch": 0,
                "http": { "method": "POST", "path": "/mcp", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "test" },
                "authorizer": authorizer
            }
        });
        lambda_http::request::from_str(&event.to_string()).unwrap().map(|_| axum::body::Body::empty())
    }

    #[test]
    fn reads_the_claims_that_the_gateway_passes_on() {
        let jwt = serde_json::json!({ "jwt": { "claims": { "sub": "alice", "client_id": "app", "scope": "openid mcp/read" }, "scopes": ["mcp/read"] } });
        let caller = caller_of(&request(jwt)).unwrap();
        assert_eq!((caller.subject(), caller.client()), (Some("alice"), Some("app")));
        assert_eq!(caller.scopes().collect::<Vec<_>>(), ["openid", "mcp/read"]);
    }

    #[test]
    fn believes_no_header() {
        let request =
            Request::builder().header("x-amzn-request-context", r#"{"authorizer":{"jwt":{"claims":{"sub":"eve"}}}}"#);
        assert_eq!(caller_of(&request.body(axum::body::Body::empty()).unwrap()), None);
        assert_eq!(caller_of(&self::request(serde_json::Value::Null)), None);
    }

    #[test]
    fn knows_scopes_as_whole_words() {
        let caller = caller(&[("scope", "mcp/read-all openid")]);
        assert!(caller.require("openid").is_ok());
        assert!(caller.require("mcp/read").is_err());
        assert!(Caller::default().require("mcp/read").is_err());
    }

    #[tokio::test]
    async fn is_nobody_outside_of_a_request() {
        assert_eq!(Caller::current(), None);
    }
}
