export * from './deploy-config';
export * from './mcp-server-stack';
