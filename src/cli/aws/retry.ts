/** How often a call is tried. */
export const MAX_ATTEMPTS = 5;

/** How long a connection to AWS may take, in milliseconds. */
export const CONNECTION_TIMEOUT_MS = 10_000;

/** How long AWS may take to begin an answer, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 20_000;
