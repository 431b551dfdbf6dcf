/**
 * Replaces the URLs of API gateways in a text with URLs of a local AWS.
 *
 * The host of such a URL (`<id>.execute-api...`) cannot be resolved on every machine; the path form of the same API can be reached
 * anywhere. The stage is left out, since `$default` is the one meant then, and a dollar sign is trouble in shells.
 */
export function localUrls(text: string, endpoint: string): string {
  return text.replace(/https?:\/\/([a-z0-9]+)\.execute-api\.[^/\s"',]+/g, (_, id: string) => `${endpoint}/_aws/execute-api/${id}`);
}
