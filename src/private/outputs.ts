/**
 * Names of the stack outputs of a server, behind its prefix. The command line finds a server by them.
 *
 * @internal
 */
export const OutputName = {
  ACCESS_LOG_GROUP_NAME: 'AccessLogGroupName',
  API_ID: 'ApiId',
  API_URL: 'ApiUrl',
  AUTH: 'McpAuth',
  CLIENT_ID: 'McpClientId',
  DASHBOARD_URL: 'DashboardUrl',
  DOMAIN_TARGET: 'DomainTarget',
  FUNCTION_ARN: 'FunctionArn',
  FUNCTION_NAME: 'FunctionName',
  FUNCTION_VERSION: 'FunctionVersion',
  ISSUER: 'McpIssuer',
  LOG_GROUP_NAME: 'LogGroupName',
  MACHINE_CLIENT_ID: 'McpMachineClientId',
  METRICS_NAMESPACE: 'MetricsNamespace',
  ROLE_ARN: 'RoleArn',
  SIGN_IN_URL: 'McpSignInUrl',
  URL: 'McpUrl',
  USER_POOL_ID: 'McpUserPoolId',
} as const;

/**
 * @internal
 */
export type OutputName = typeof OutputName[keyof typeof OutputName];

/**
 * Default prefix of a server's outputs: its name or construct id, without the characters that CloudFormation refuses in such names.
 *
 * @internal
 */
export function outputPrefix(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '');
}
