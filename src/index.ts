export * from './mcp-rust-lambda';
export * from './mcp-rust-lambda-props';
export * from './rust';
export * as scaffold from './scaffold';
