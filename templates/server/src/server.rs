//! The MCP server and the HTTP routes in front of it.

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    http::{Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use pmcp::{
    Server,
    axum::{AllowedOrigins, RouterConfig, concurrent_router_with_config},
    server::streamable_http_server::StreamableHttpServerConfig,
    types::protocol::{PROTOCOL_VERSION_2026_07_28, ProtocolVersion, SUPPORTED_PROTOCOL_VERSIONS},
};

use crate::{
    caller,
    metrics::{self, Metrics},
    origins::{self, Origins},
    tools,
};

/// Serves MCP at `path`, without sessions: any copy of the function can answer any request.
///
/// With `public`, anyone may call. Without it, tools that need the caller refuse requests without one.
pub fn router(path: &str, origins: AllowedOrigins, public: bool) -> pmcp::Result<Router> {
    let versions = SUPPORTED_PROTOCOL_VERSIONS.iter().chain([&PROTOCOL_VERSION_2026_07_28]);
    let server = Server::builder()
        .name(env!("CARGO_PKG_NAME"))
        .version(env!("CARGO_PKG_VERSION"))
        .with_supported_protocol_versions(versions.map(|version| ProtocolVersion((*version).into())))
        .tool(tools::DATE_DIFFERENCE, tools::date_difference())
        .tool(tools::TEXT_STATISTICS, tools::text_statistics())
        .tool(tools::WHO_AM_I, tools::who_am_i())
        .build()?;
    let server = Arc::new(server);
    let metrics = Metrics::from_env(&server);
    let config = RouterConfig {
        allowed_origins: Some(origins),
        server_config: StreamableHttpServerConfig::stateless(),
        ..RouterConfig::default()
    };
    let mut mcp = concurrent_router_with_config(server, config)
        .route_layer(middleware::from_fn_with_state(public, caller::remember))
        .route_layer(middleware::from_fn(post_only));
    if let Some(metrics) = metrics {
        mcp = mcp.route_layer(middleware::from_fn_with_state(metrics, metrics::report));
    }

    // axum does not nest at the root, where the router of pmcp already is.
    Ok(if path == "/" { mcp } else { Router::new().nest(path, mcp) })
}

/// The same behind API Gateway, for pages of these origins and for programs. Only the gateway can reach a Lambda function, and
/// its host names are not known here. The gateway sets the CORS headers, so those of pmcp, which allow all origins, are removed.
pub fn behind_gateway(path: &str, origins: Origins, public: bool) -> pmcp::Result<Router> {
    Ok(router(path, AllowedOrigins::any(), public)?
        .layer(middleware::map_response(without_cors))
        .layer(middleware::from_fn_with_state(origins, origins::check)))
}

async fn without_cors(mut response: Response) -> Response {
    for name in [header::ACCESS_CONTROL_ALLOW_ORIGIN, header::ACCESS_CONTROL_EXPOSE_HEADERS] {
        response.headers_mut().remove(name);
    }
    response
}

/// Without sessions there is no stream to open (GET) and nothing to end (DELETE): the protocol wants a 405 for both.
async fn post_only(request: Request, next: Next) -> Response {
    match *request.method() {
        Method::GET | Method::HEAD | Method::DELETE => {
            (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "POST")]).into_response()
        }
        _ => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use serde_json::{Value, json};
    use tower::ServiceExt;

    use super::*;

    async fn send(path: &str, request: Request) -> (StatusCode, Value) {
        answer(router(path, AllowedOrigins::localhost(), true), request).await
    }

    async fn answer(router: pmcp::Result<Router>, request: Request) -> (StatusCode, Value) {
        let response = router.unwrap().oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    fn request(method: &str, uri: &str, body: Value) -> Request {
        Request::builder()
            .method(method)
            .uri(uri)
            .header("host", "localhost")
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream")
            .body(Body::from(body.to_string()))
            .unwrap()
    }

    fn call_of(tool: &str, arguments: Value) -> Request {
        let params = json!({ "name": tool, "arguments": arguments });
        request("POST", "/mcp", json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params }))
    }

    async fn call(tool: &str, arguments: Value) -> Value {
        let (status, answer) = send("/mcp", call_of(tool, arguments)).await;
        assert_eq!(status, StatusCode::OK);
        answer
    }

    #[tokio::test]
    async fn lists_tools_with_their_schemas() {
        let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
        for path in ["/mcp", "/", "/a/b"] {
            let (_, answer) = send(path, request("POST", path, message.clone())).await;
            let tools = answer["result"]["tools"].as_array().unwrap();
            assert_eq!(tools.len(), 3, "at {path}");
            assert!(tools.iter().all(|tool| tool["inputSchema"]["type"] == "object"));
            assert!(tools.iter().all(|tool| tool["outputSchema"]["properties"].is_object()));
        }
    }

    #[tokio::test]
    async fn calls_a_tool() {
        let answer = call(tools::DATE_DIFFERENCE, json!({ "from": "2026-02-27", "to": "2026-03-02" })).await;
        assert_eq!(answer["result"]["structuredContent"]["days"], 3);
        assert_eq!(answer["result"]["structuredContent"]["working_days"], 1);
    }

    #[tokio::test]
    async fn tells_what_is_wrong_with_the_arguments() {
        let answer = call(tools::DATE_DIFFERENCE, json!({ "from": "soon", "to": "2026-03-02" })).await;
        assert_eq!(answer["result"]["isError"], true);
    }

    #[tokio::test]
    async fn tells_that_nobody_signed_in() {
        let answer = call(tools::WHO_AM_I, json!({})).await;
        assert_eq!(answer["result"]["structuredContent"], json!({ "signed_in": false, "scopes": [] }));
    }

    /// security M10: a tool that needs the caller refuses, unless the server is public.
    #[tokio::test]
    async fn m10_refuses_nobody_where_the_server_is_not_public() {
        let gateway = behind_gateway("/mcp", Origins::parse(""), false);
        for router in [gateway, router("/mcp", AllowedOrigins::localhost(), false)] {
            let (status, answer) = answer(router, call_of(tools::WHO_AM_I, json!({}))).await;
            assert_eq!((status, &answer["result"]["isError"]), (StatusCode::OK, &json!(true)));
            assert!(answer["result"]["structuredContent"]["signed_in"].is_null());
        }
    }

    #[tokio::test]
    async fn answers_an_unknown_tool_with_a_json_rpc_error() {
        let answer = call("no_such_tool", json!({})).await;
        assert!(answer["error"]["code"].is_i64());
    }

    #[tokio::test]
    async fn refuses_streams_and_sessions() {
        for method in ["GET", "DELETE"] {
            assert_eq!(send("/mcp", request(method, "/mcp", Value::Null)).await.0, StatusCode::METHOD_NOT_ALLOWED);
        }
        assert_eq!(send("/mcp", request("GET", "/other", Value::Null)).await.0, StatusCode::NOT_FOUND);
    }

    fn from(origin: &'static str, method: &str) -> Request {
        let mut request = request(method, "/mcp", json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" }));
        request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
        request
    }

    /// security L12: 403 for an origin that is not allowed, whatever the method.
    #[tokio::test]
    async fn l12_refuses_foreign_origins_behind_the_gateway() {
        for method in ["POST", "GET", "DELETE", "OPTIONS"] {
            let gateway = behind_gateway("/mcp", Origins::parse("https://app.example"), true);
            assert_eq!(answer(gateway, from("https://evil.example", method)).await.0, StatusCode::FORBIDDEN);
        }
        let gateway = behind_gateway("/mcp", Origins::parse("https://app.example"), true);
        assert_eq!(answer(gateway, from("https://app.example", "POST")).await.0, StatusCode::OK);
    }

    #[tokio::test]
    async fn leaves_cors_to_the_gateway() {
        let gateway = behind_gateway("/mcp", Origins::parse("https://app.example"), true);
        for (router, expected) in [(gateway, None), (router("/mcp", AllowedOrigins::any(), true), Some("*"))] {
            let response = router.unwrap().oneshot(from("https://app.example", "POST")).await.unwrap();
            let allowed =
                response.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN).map(|value| value.to_str().unwrap());
            assert_eq!((response.status(), allowed), (StatusCode::OK, expected));
        }
    }

    #[tokio::test]
    async fn refuses_foreign_origins_on_a_local_machine() {
        assert_eq!(send("/mcp", from("https://evil.example", "POST")).await.0, StatusCode::FORBIDDEN);
    }
}
