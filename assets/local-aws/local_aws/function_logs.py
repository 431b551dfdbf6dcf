"""Filters the log lines of functions by the rules of Lambda's advanced logging controls.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html: with the JSON format, lines below the application log
level are dropped; the level is INFO unless it is set; a JSON line without a valid level or a valid timestamp counts as INFO.
"""

import json
import re

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
DEFAULT_LEVEL = "INFO"
TIMESTAMPS = ("timestamp", "time", "@timestamp", "ts")
RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})")


def is_json(config):
    return (config.get("LoggingConfig") or {}).get("LogFormat") == "JSON"


def level_of(config):
    return (config.get("LoggingConfig") or {}).get("ApplicationLogLevel") or DEFAULT_LEVEL


def level_of_line(line):
    """The level of a line. None for a line that is not a JSON object: Lambda does not filter those."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, dict):
        return None
    level = str(entry.get("level", "")).upper()
    level = "WARN" if level == "WARNING" else level
    stamped = any(RFC_3339.fullmatch(str(entry.get(name, ""))) for name in TIMESTAMPS)
    return level if level in LEVELS and stamped else DEFAULT_LEVEL


def filtered(emit):
    def emit_lambda_logs(func, request_id, log_text, error, duration_ms, *, log_source=None):
        config = func.get("config") or func
        if is_json(config) and log_text:
            least = LEVELS.index(level_of(config))
            levels = ((line, level_of_line(line)) for line in log_text.splitlines())
            log_text = "\n".join(line for line, level in levels if level is None or LEVELS.index(level) >= least)
        return emit(func, request_id, log_text, error, duration_ms, log_source=log_source)

    return emit_lambda_logs


def with_log_settings(credentials):
    """Add the variables with which Lambda passes the log settings to a function."""

    def execution_credentials(config):
        settings = {"AWS_LAMBDA_LOG_FORMAT": "Text"}
        if is_json(config):
            settings = {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": level_of(config)}
        return {**credentials(config), **settings}

    return execution_credentials


def install():
    lambda_svc._emit_lambda_logs = filtered(lambda_svc._emit_lambda_logs)
    # Both kinds of runtimes use this function, each under its own name.
    lambda_runtime.execution_credentials = with_log_settings(lambda_runtime.execution_credentials)
    lambda_svc.execution_credentials = lambda_runtime.execution_credentials
