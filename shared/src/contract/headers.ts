/** Names of the headers that carry meaning in this contract, in the spelling replies use. */
export const HEADERS = {
  authorization: 'Authorization',
  apiKey: 'X-API-Key',
  requestId: 'X-Request-Id',
  rateLimitLimit: 'X-RateLimit-Limit',
  rateLimitRemaining: 'X-RateLimit-Remaining',
  rateLimitReset: 'X-RateLimit-Reset',
  retryAfter: 'Retry-After',
  etag: 'ETag',
  ifNoneMatch: 'If-None-Match',
} as const;
