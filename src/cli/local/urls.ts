/**
 * Replace the URLs of API Gateway in a text with URLs of a local AWS.
 *
 * Not every machine can resolve the host of such a URL (`<id>.execute-api...`). The path form of the same API works everywhere. It has no
 * stage, which means `$default`: a dollar sign would need quotes in shells.
 */
export function localUrls(text: string, endpoint: string): string {
  return text.replace(/https?:\/\/([a-z0-9]+)\.execute-api\.[^/\s"',]+/g, (_, id: string) => `${endpoint}/_aws/execute-api/${id}`);
}
