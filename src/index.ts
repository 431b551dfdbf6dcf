export * from './config';
export * from './mcp-monitoring';
export * from './mcp-monitoring-props';
export * from './mcp-rust-lambda';
export * from './mcp-rust-lambda-props';
export * from './mcp-versions';
export * from './rust';
export * as scaffold from './scaffold';
