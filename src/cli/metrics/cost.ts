/** The usage of a server in a time window. */
export interface Usage {
  readonly invocations: number;

  /** Total milliseconds of all invocations and starts. */
  readonly durationMs: number;
  readonly requests: number;
  readonly logBytes: number;
  readonly memoryMb: number;
  readonly architecture: string;
}

/**
 * On-demand prices of us-east-1 in US dollars, first tier, from the price lists of AWS of November 2026. Other regions cost up to 50 %
 * more.
 */
const PRICES = {
  invocation: 0.20 / 1e6,
  gigabyteSecond: { arm64: 0.0000133334, x86_64: 0.0000166667 },
  request: 1.00 / 1e6,
  logGigabyte: 0.50,
};

const GIGABYTE = 1024 ** 3;

/** Estimate the cost of a usage in US dollars: Lambda, HTTP API and logs, without the free tier. */
export function estimateCost({ invocations, durationMs, requests, logBytes, memoryMb, architecture }: Usage): number {
  const gigabyteSeconds = durationMs / 1000 * memoryMb / 1024;
  return invocations * PRICES.invocation
    + gigabyteSeconds * (architecture === 'x86_64' ? PRICES.gigabyteSecond.x86_64 : PRICES.gigabyteSecond.arm64)
    + requests * PRICES.request
    + logBytes / GIGABYTE * PRICES.logGigabyte;
}
