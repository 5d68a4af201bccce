import type { Environment } from '../../api/src/config/environment.ts';

/** What each variable decides. The compiler sees to it that none is missing. */
export const MEANINGS: Readonly<Record<keyof Environment, string>> = {
  NODE_ENV: '`production`, `development` or `test`. Development without `API_KEYS` lets every request through.',
  PORT: 'The port the API listens on; 0 takes a free one.',
  HOST: 'The address it listens on. `0.0.0.0` opens it to the network.',
  API_KEYS: 'The keys that may call it, separated by commas, each a UUID of version 4. Required outside development.',
  MONGODB_URI:
    'Begins with `mongodb://` or `mongodb+srv://`: that database keeps everything. Without it, the embedded one.',
  MONGODB_POOL_SIZE: 'How many connections to MongoDB there may be.',
  DATA_DIR: 'The folder of the embedded database.',
  LOG_LEVEL: '`error`, `warn`, `info`, `debug` or `silent`.',
  STALL_THRESHOLD_MS: 'A session that is silent for longer is stalled.',
  RETENTION_DAYS:
    'Ended sessions are deleted so many days after the API learned of their end, unless they are archived. A change applies to sessions that end from then on.',
  MAX_RECOVERY_ATTEMPTS: 'How often one lineage of sessions may be recovered.',
  ABANDON_AFTER_HOURS:
    'A stalled or paused session that stays silent for so long becomes failed and frees its slot; 0: never.',
  DETECT_FAILURES_CRON: 'When to look for stalled sessions and offline machines.',
  CLEANUP_CRON: 'When to delete what is past its retention.',
  RATE_LIMIT_PER_MINUTE: 'How many requests a key may make in a minute, heartbeats aside.',
  RATE_LIMIT_HEARTBEATS_PER_MINUTE: 'How many heartbeats a session, or a machine, may send in a minute.',
  RATE_LIMIT_STORE: 'Where requests are counted: `memory`, or `storage` where several instances share the limits.',
  REQUEST_TIMEOUT_MS: 'A request that takes longer is answered with a 504.',
  DATABASE_TIMEOUT_MS: 'A call to the database that takes longer is given up.',
  TRUST_PROXY: '`true` where a proxy in front says who the caller is.',
  PUBLIC_DOCS: 'Whether `/api/docs` needs no key in production.',
};
