/** Number of attempts of a call. */
export const MAX_ATTEMPTS = 5;

/** Time to connect to AWS, in milliseconds. */
export const CONNECTION_TIMEOUT_MS = 10_000;

/** Time until AWS begins to answer, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 20_000;
