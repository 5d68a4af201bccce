import { Environment } from './environment.ts';

/** The environment as the rest of the API knows it: read once, valid, and named for what it means. */
export interface Configuration {
  readonly nodeEnv: Environment['NODE_ENV'];
  readonly port: number;
  readonly host: string;
  readonly apiKeys: readonly string[];
  /** Only in development and only without keys: every request is let through. */
  readonly authenticationBypassed: boolean;
  readonly mongodbUri: string | undefined;
  readonly mongodbPoolSize: number;
  readonly dataDir: string;
  readonly logLevel: Environment['LOG_LEVEL'];
  readonly stallThresholdMs: number;
  readonly retentionDays: number;
  readonly maxRecoveryAttempts: number;
  readonly abandonAfterHours: number;
  readonly detectFailuresCron: string;
  readonly cleanupCron: string;
  /** Off where something else wakes the jobs: the scheduler of a cloud, or a test. */
  readonly scheduleJobs: boolean;
  /** Where a run of a job is cut off from outside: when at the latest that has happened, with some to spare. */
  readonly longestJobMs: number | undefined;
  /** How many requests a key may make in a minute, heartbeats aside. */
  readonly rateLimitPerMinute: number;
  /** How many heartbeats a session, or a machine, may send in a minute. */
  readonly rateLimitHeartbeatsPerMinute: number;
  /** Several instances that share a limit must count in the storage. */
  readonly rateLimitStore: Environment['RATE_LIMIT_STORE'];
  readonly requestTimeoutMs: number;
  readonly databaseTimeoutMs: number;
  /** Whether a proxy in front says who the caller is. */
  readonly trustProxy: boolean;
  readonly docsPublic: boolean;
}

export const CONFIGURATION = Symbol('Configuration');

/** What is wrong with the environment, all of it at once, and never a value: values may be secrets. */
export class ConfigurationError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigurationError';
    this.problems = problems;
  }
}

const KEYS_REQUIRED =
  'API_KEYS: is required: a list of UUIDs (version 4) separated by commas. ' +
  'Make one with: node -e "console.log(crypto.randomUUID())"';

export function readConfiguration(variables: Readonly<Record<string, string | undefined>>): Configuration {
  const set = withoutBlanks(variables);
  const parsed = Environment.safeParse(set);
  const problems = parsed.error?.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`) ?? [];
  // Without keys only development goes on; a NODE_ENV that is no environment at all is no excuse.
  const hasKeys = /[^\s,]/.test(set['API_KEYS'] ?? '');
  if (!hasKeys && set['NODE_ENV'] !== 'development') problems.push(KEYS_REQUIRED);
  if (!parsed.success || problems.length > 0) throw new ConfigurationError(problems);
  const environment = parsed.data;
  return {
    nodeEnv: environment.NODE_ENV,
    port: environment.PORT,
    host: environment.HOST,
    apiKeys: environment.API_KEYS,
    authenticationBypassed: environment.API_KEYS.length === 0,
    mongodbUri: environment.MONGODB_URI,
    mongodbPoolSize: environment.MONGODB_POOL_SIZE,
    dataDir: environment.DATA_DIR,
    logLevel: environment.LOG_LEVEL,
    stallThresholdMs: environment.STALL_THRESHOLD_MS,
    retentionDays: environment.RETENTION_DAYS,
    maxRecoveryAttempts: environment.MAX_RECOVERY_ATTEMPTS,
    abandonAfterHours: environment.ABANDON_AFTER_HOURS,
    detectFailuresCron: environment.DETECT_FAILURES_CRON,
    cleanupCron: environment.CLEANUP_CRON,
    scheduleJobs: true,
    longestJobMs: undefined,
    rateLimitPerMinute: environment.RATE_LIMIT_PER_MINUTE,
    rateLimitHeartbeatsPerMinute: environment.RATE_LIMIT_HEARTBEATS_PER_MINUTE,
    rateLimitStore: environment.RATE_LIMIT_STORE,
    requestTimeoutMs: environment.REQUEST_TIMEOUT_MS,
    databaseTimeoutMs: environment.DATABASE_TIMEOUT_MS,
    trustProxy: environment.TRUST_PROXY,
    docsPublic: environment.PUBLIC_DOCS || environment.NODE_ENV !== 'production',
  };
}

/** `PORT=` in an .env file means "not set", not the number that an empty text happens to convert to. */
function withoutBlanks(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const set: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined && value.trim() !== '') set[name] = value.trim();
  }
  return set;
}
