//! Who calls: what API Gateway has checked before it invokes the function.

use std::collections::HashMap;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use lambda_http::{RequestExt, request::RequestContext};
use pmcp::{Error, Result};

tokio::task_local! {
    static CALLER: Option<Caller>;
}

/// The sender of the current request.
#[derive(Clone, Debug, PartialEq)]
pub enum Caller {
    /// The bearer of an access token, with the token's claims.
    Token(HashMap<String, String>),
    /// A principal of AWS that signed the request, by its ARN.
    Principal(String),
    /// Anyone. Only a public server, with `MCP_AUTH_MODE=none`, has such callers.
    Anybody,
}

impl Caller {
    /// The caller of the current request.
    ///
    /// Fails if the gateway names no caller, unless the server is public. A tool that begins with this line still refuses
    /// when sign-in is turned off by mistake, or when the function is invoked in another way.
    pub fn required() -> Result<Self> {
        CALLER.try_with(Clone::clone).ok().flatten().ok_or_else(|| {
            let reason = "this needs a caller who has signed in (a server that is meant to be public says so with MCP_AUTH_MODE=none)";
            Error::tool_rejected(reason, None)
        })
    }

    /// A claim of the token, as text.
    pub fn claim(&self, name: &str) -> Option<&str> {
        match self {
            Self::Token(claims) => claims.get(name).map(String::as_str),
            Self::Principal(_) | Self::Anybody => None,
        }
    }

    /// The id of the person, or of the machine, at the issuer; the ARN of a principal of AWS.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Principal(arn) => Some(arn),
            Self::Token(_) | Self::Anybody => self.claim("sub"),
        }
    }

    /// The OAuth client that the token was given to.
    pub fn client(&self) -> Option<&str> {
        self.claim("client_id").or_else(|| self.claim("azp"))
    }

    /// What the token allows. Issuers name the claim `scope` or `scp`; the gateway looks at both.
    ///
    /// `jwt.scopes` of the request is not looked at: AWS does not say what it has, and it lacks scopes that no route asks for.
    pub fn scopes(&self) -> Vec<String> {
        let mut scopes: Vec<String> = Vec::new();
        for scope in ["scope", "scp"].into_iter().filter_map(|name| self.claim(name)).flat_map(scopes_in) {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        scopes
    }

    /// Fails where the token lacks a scope. The gateway wants one of the server's scopes; which one a tool needs is the tool's business.
    ///
    /// Principals of AWS have no scopes and are refused. On a public server, anybody may do everything.
    pub fn require(&self, scope: &str) -> Result<()> {
        if *self == Self::Anybody || self.scopes().iter().any(|each| each == scope) {
            return Ok(());
        }
        Err(Error::tool_rejected(format!("this needs the scope {scope}, which the caller does not have"), None))
    }
}

/// The scopes in a claim: words, or a list, which API Gateway turns into the text `[a b]`. A list as JSON is understood, too.
fn scopes_in(claim: &str) -> Vec<String> {
    if let Ok(list) = serde_json::from_str(claim) {
        return list;
    }
    let claim = claim.trim();
    let words = claim.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(claim);
    words.split_ascii_whitespace().map(Into::into).collect()
}

/// Middleware that makes the caller available to tools. With `public`, requests without a caller are accepted.
pub async fn remember(State(public): State<bool>, request: Request, next: Next) -> Response {
    let caller = caller_of(&request).or(public.then_some(Caller::Anybody));
    CALLER.scope(caller, next.run(request)).await
}

fn caller_of(request: &Request) -> Option<Caller> {
    // Only the Lambda runtime puts this there; no header of a client can.
    let Some(RequestContext::ApiGatewayV2(context)) = request.request_context_ref() else { return None };
    let authorizer = context.authorizer.as_ref()?;
    match (&authorizer.jwt, &authorizer.iam) {
        (Some(jwt), _) => Some(Caller::Token(jwt.claims.clone())),
        (None, Some(iam)) => iam.user_arn.clone().map(Caller::Principal),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ARN: &str = "arn:aws:iam::123456789012:user/ada";

    fn token(claims: &[(&str, &str)]) -> Caller {
        Caller::Token(claims.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    /// A request as the Lambda runtime hands it over.
    fn request(authorizer: serde_json::Value) -> Request {
        let event = json!({
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
        let claims = json!({ "sub": "alice", "client_id": "app", "scope": "openid mcp/read" });
        let caller = caller_of(&request(json!({ "jwt": { "claims": claims, "scopes": ["mcp/read"] } }))).unwrap();
        assert_eq!((caller.subject(), caller.client()), (Some("alice"), Some("app")));
        assert_eq!(caller.scopes(), ["openid", "mcp/read"]);
    }

    #[test]
    fn reads_the_principal_that_signed_the_request() {
        let caller = caller_of(&request(json!({ "iam": { "userArn": ARN, "accountId": "123456789012" } }))).unwrap();
        assert_eq!((caller.subject(), caller.client()), (Some(ARN), None));
        assert!(caller.require("mcp/read").is_err());
        assert_eq!(caller_of(&request(json!({ "iam": { "accountId": "123456789012" } }))), None);
    }

    #[test]
    fn believes_no_header() {
        let request =
            Request::builder().header("x-amzn-request-context", r#"{"authorizer":{"jwt":{"claims":{"sub":"eve"}}}}"#);
        assert_eq!(caller_of(&request.body(axum::body::Body::empty()).unwrap()), None);
        assert_eq!(caller_of(&self::request(serde_json::Value::Null)), None);
        assert_eq!(caller_of(&self::request(json!({ "lambda": { "sub": "eve" } }))), None);
    }

    /// aws A4: what issuers call scopes, in the forms in which API Gateway hands it over.
    #[test]
    fn a4_reads_scopes_in_each_form_that_the_gateway_hands_over() {
        for (claims, expected) in [
            (&[("scope", "mcp/read mcp/write")][..], &["mcp/read", "mcp/write"][..]),
            (&[("scope", "mcp/read")], &["mcp/read"]),
            (&[("scp", "[mcp/read mcp/write]")], &["mcp/read", "mcp/write"]),
            (&[("scp", "[mcp/read]")], &["mcp/read"]),
            (&[("scp", " [ mcp/read  mcp/write ] ")], &["mcp/read", "mcp/write"]),
            (&[("scp", r#"["mcp/read","mcp/write"]"#)], &["mcp/read", "mcp/write"]),
            (&[("scope", "openid"), ("scp", "[mcp/read openid]")], &["openid", "mcp/read"]),
            (&[("scope", ""), ("scp", "[mcp/read]")], &["mcp/read"]),
            (&[("scope", "[]")], &[]),
            (&[("scp", "[ ]")], &[]),
            (&[("scope", "  ")], &[]),
            (&[], &[]),
        ] {
            assert_eq!(token(claims).scopes(), expected, "{claims:?}");
        }
    }

    #[test]
    fn a4_takes_no_scope_from_what_only_looks_like_one() {
        for hostile in [
            "mcp/read-all",
            "xmcp/read",
            "[xmcp/read]",
            "[[mcp/read]]",
            "]mcp/read[",
            "[mcp/read",
            "mcp/read]",
            "mcp/read,mcp/write",
            r#"["mcp/read mcp/write"]"#,
            r#"["mcp/read", 1]"#,
            r#"{"mcp/read": true}"#,
            "\"mcp/read\"",
            "MCP/READ",
            "mcp/read\u{200b}",
            "mcp/\u{0}read",
        ] {
            assert!(token(&[("scp", hostile)]).require("mcp/read").is_err(), "{hostile:?}");
        }
    }

    #[test]
    fn knows_scopes_as_whole_words() {
        let caller = token(&[("scope", "mcp/read-all openid")]);
        assert!(caller.require("openid").is_ok());
        assert!(caller.require("mcp/read").is_err());
        assert!(token(&[]).require("mcp/read").is_err());
    }

    #[test]
    fn m10_lets_anybody_do_everything_where_the_server_is_public() {
        assert!(Caller::Anybody.require("mcp/read").is_ok());
        assert_eq!((Caller::Anybody.subject(), Caller::Anybody.scopes()), (None, vec![]));
    }

    #[tokio::test]
    async fn m10_is_nobody_outside_of_a_request() {
        assert!(Caller::required().unwrap_err().to_string().contains("MCP_AUTH_MODE=none"));
    }
}
