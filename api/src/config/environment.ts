import { DEFAULTS, LIMITS } from '@claude-projects/shared/contract';
import { validateCronExpression } from 'cron';
import * as z from 'zod/mini';
import { API_KEY_PATTERN } from '../auth/api-key.ts';

const wholeNumber = (minimum: number, maximum: number) =>
  z.coerce.number().check(z.int(), z.minimum(minimum), z.maximum(maximum));

const flag = z.pipe(
  z.enum(['true', 'false']),
  z.transform((value) => value === 'true'),
);

const cron = z.string().check(
  z.refine((expression) => validateCronExpression(expression).valid, {
    error: 'must be a cron expression, such as "*/2 * * * *"',
  }),
);

const apiKeys = z.pipe(
  z.pipe(
    z.string(),
    z.transform((list) =>
      list
        .split(',')
        .map((key) => key.trim())
        .filter((key) => key !== ''),
    ),
  ),
  z.array(
    // The message must not show the key, so it says no more than what shape is wanted.
    z.string().check(z.regex(API_KEY_PATTERN, { error: 'each key must be a UUID, version 4' })),
  ),
);

const mongodbUri = z.string().check(
  z.refine((uri) => /^mongodb(\+srv)?:\/\/./.test(uri), {
    error: 'must begin with mongodb:// or mongodb+srv://',
  }),
);

const DAY_MS = 24 * 3_600_000;

/** Every variable the API reads, with what it may be and what it is when unset. */
export const Environment = z.object({
  NODE_ENV: z._default(z.enum(['production', 'development', 'test']), DEFAULTS.nodeEnv),
  PORT: z._default(wholeNumber(0, 65_535), DEFAULTS.port),
  HOST: z._default(z.string(), DEFAULTS.host),
  API_KEYS: z._default(apiKeys, []),
  MONGODB_URI: z.optional(mongodbUri),
  MONGODB_POOL_SIZE: z._default(wholeNumber(1, 1000), DEFAULTS.mongodbPoolSize),
  DATA_DIR: z._default(z.string(), DEFAULTS.dataDir),
  LOG_LEVEL: z._default(z.enum(['error', 'warn', 'info', 'debug', 'silent']), DEFAULTS.logLevel),
  STALL_THRESHOLD_MS: z._default(wholeNumber(1000, DAY_MS), DEFAULTS.stallThresholdMs),
  RETENTION_DAYS: z._default(wholeNumber(1, LIMITS.retentionDays), DEFAULTS.retentionDays),
  MAX_RECOVERY_ATTEMPTS: z._default(wholeNumber(0, 1000), DEFAULTS.maxRecoveryAttempts),
  ABANDON_AFTER_HOURS: z._default(wholeNumber(0, 24 * 365), DEFAULTS.abandonAfterHours),
  DETECT_FAILURES_CRON: z._default(cron, DEFAULTS.detectFailuresCron),
  CLEANUP_CRON: z._default(cron, DEFAULTS.cleanupCron),
  RATE_LIMIT_PER_MINUTE: z._default(wholeNumber(1, 1_000_000_000), DEFAULTS.rateLimitPerMinute),
  RATE_LIMIT_HEARTBEATS_PER_MINUTE: z._default(wholeNumber(1, 1_000_000_000), DEFAULTS.rateLimitHeartbeatsPerMinute),
  RATE_LIMIT_STORE: z._default(z.enum(['memory', 'storage']), DEFAULTS.rateLimitStore),
  REQUEST_TIMEOUT_MS: z._default(wholeNumber(100, 15 * 60_000), DEFAULTS.requestTimeoutMs),
  DATABASE_TIMEOUT_MS: z._default(wholeNumber(100, 60_000), DEFAULTS.databaseTimeoutMs),
  TRUST_PROXY: z._default(flag, DEFAULTS.trustProxy),
  PUBLIC_DOCS: z._default(flag, DEFAULTS.publicDocs),
});
export type Environment = z.output<typeof Environment>;
