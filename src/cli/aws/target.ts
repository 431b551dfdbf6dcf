/** A local AWS, as clients see it. */
export interface LocalEndpoint {
  /** URL, without a trailing slash. */
  readonly endpoint: string;

  /** Id of the account that it simulates. */
  readonly account: string;

  /** Secret access key, new at each start. */
  readonly secret: string;
}

/** The AWS that clients talk to. */
export interface AwsTarget {
  readonly region: string;

  /** @default - the real AWS, with the user's credentials */
  readonly local?: LocalEndpoint;
}
