//! Metrics of methods and tools, as log lines in CloudWatch's embedded metric format: CloudWatch makes metrics of them, and no
//! call is made for it.

use std::{
    env,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use lambda_http::RequestExt;
use pmcp::{Server, server::limits::DEFAULT_MAX_REQUEST_BYTES};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};

/// The methods that have metrics; the rest is summed up as `other`. What clients make up must not become metrics of its own,
/// since each is paid for.
const METHODS: [&str; 14] = [
    "completion/complete",
    "initialize",
    "logging/setLevel",
    "notifications/cancelled",
    "notifications/initialized",
    "ping",
    "prompts/get",
    "prompts/list",
    "resources/list",
    "resources/read",
    "resources/templates/list",
    "server/discover",
    "tools/call",
    "tools/list",
];

/// Where metrics go, and which tools there are.
#[derive(Clone)]
pub struct Metrics {
    namespace: Arc<str>,
    server: Arc<Server>,
}

impl Metrics {
    /// Metrics are reported where `MCP_METRICS_NAMESPACE` says in which namespace.
    pub fn from_env(server: &Arc<Server>) -> Option<Self> {
        let namespace = env::var("MCP_METRICS_NAMESPACE").ok()?;
        Some(Self { namespace: namespace.into(), server: server.clone() })
    }

    fn line(&self, message: &Message, failed: bool, duration: Duration, request_id: Option<&str>) -> Value {
        let method = METHODS.into_iter().find(|method| *method == message.method).unwrap_or("other");
        let tool = match (method, &message.params) {
            ("tools/call", Some(Params { name: Some(name) })) if self.server.has_tool(name) => Some(name.as_str()),
            _ => None,
        };
        let dimensions = if tool.is_some() { json!([["Method"], ["Tool"]]) } else { json!([["Method"]]) };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut line = json!({
            "_aws": {
                "Timestamp": now.as_millis() as u64,
                "CloudWatchMetrics": [{
                    "Namespace": &*self.namespace,
                    "Dimensions": dimensions,
                    "Metrics": [
                        { "Name": "Requests", "Unit": "Count" },
                        { "Name": "Errors", "Unit": "Count" },
                        { "Name": "Duration", "Unit": "Milliseconds" },
                    ],
                }],
            },
            "message": tool.map_or_else(|| method.into(), |tool| format!("{method} {tool}")),
            "Method": method,
            "Requests": 1,
            "Errors": u8::from(failed),
            "Duration": (duration.as_secs_f64() * 1e6).round() / 1e3,
        });
        if let Some(tool) = tool {
            line["Tool"] = tool.into();
        }
        if let Some(id) = request_id {
            line["requestId"] = id.into();
        }
        line
    }
}

/// What is looked at of a JSON-RPC message.
#[derive(Deserialize)]
struct Message {
    method: String,
    params: Option<Params>,
}

#[derive(Deserialize)]
struct Params {
    name: Option<String>,
}

/// What is looked at of the answer to it.
#[derive(Default, Deserialize)]
struct Answer {
    error: Option<IgnoredAny>,
    result: Option<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    #[serde(default, rename = "isError")]
    is_error: bool,
}

/// Reports each message with its time and its success.
pub async fn report(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let request_id = request.lambda_context_ref().map(|context| context.request_id.clone());
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, DEFAULT_MAX_REQUEST_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let message = serde_json::from_slice::<Message>(&body);
    let started = Instant::now();
    let response = next.run(Request::from_parts(head, Body::from(body))).await;
    let Ok(message) = message else { return response };

    let (head, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let answer: Answer = serde_json::from_slice(&body).unwrap_or_default();
    let failed =
        head.status.as_u16() >= 400 || answer.error.is_some() || answer.result.is_some_and(|result| result.is_error);
    println!("{}", metrics.line(&message, failed, started.elapsed(), request_id.as_deref()));
    Response::from_parts(head, Body::from(body))
}

#[cfg(test)]
mod tests {
    use pmcp::RequestHandlerExtra;

    use super::*;

    fn line(body: Value, failed: bool) -> Value {
        let server = Server::builder()
            .name("test")
            .version("1.0.0")
            .tool_typed_sync("add", |_: Value, _: RequestHandlerExtra| Ok(Value::Null))
            .build()
            .unwrap();
        let metrics = Metrics { namespace: "MCP/test".into(), server: Arc::new(server) };
        metrics.line(&serde_json::from_value(body).unwrap(), failed, Duration::from_micros(1500), Some("id-1"))
    }

    #[test]
    fn counts_calls_of_tools_by_method_and_by_tool() {
        let line = line(json!({ "method": "tools/call", "params": { "name": "add", "arguments": { "a": 1 } } }), true);
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Namespace"], "MCP/test");
        assert_eq!(directive["Dimensions"], json!([["Method"], ["Tool"]]));
        for metric in directive["Metrics"].as_array().unwrap() {
            assert!(line[metric["Name"].as_str().unwrap()].is_number());
        }
        assert_eq!((&line["Method"], &line["Tool"]), (&json!("tools/call"), &json!("add")));
        assert_eq!((&line["Errors"], &line["Duration"]), (&json!(1), &json!(1.5)));
        assert_eq!((&line["message"], &line["requestId"]), (&json!("tools/call add"), &json!("id-1")));
    }

    #[test]
    fn makes_no_metrics_of_names_that_clients_make_up() {
        let unknown_tool = line(json!({ "method": "tools/call", "params": { "name": "nonsense" } }), true);
        assert_eq!(unknown_tool["_aws"]["CloudWatchMetrics"][0]["Dimensions"], json!([["Method"]]));
        assert_eq!(unknown_tool["Tool"], Value::Null);
        assert_eq!(line(json!({ "method": "made/up" }), true)["Method"], "other");
    }

    #[test]
    fn counts_other_methods_without_a_tool() {
        let line = line(json!({ "method": "prompts/get", "params": { "name": "add" } }), false);
        assert_eq!(line["_aws"]["CloudWatchMetrics"][0]["Dimensions"], json!([["Method"]]));
        assert_eq!((&line["Method"], &line["Tool"], &line["Errors"]), (&json!("prompts/get"), &Value::Null, &json!(0)));
    }
}
