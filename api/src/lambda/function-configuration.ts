import { type Configuration, ConfigurationError, readConfiguration } from '../config/configuration.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What holds in a function unless its variables say otherwise. Many instances share the limits of a key, so they
 * count in the storage. An instance answers one request at a time: what it asks for at once are the few queries of
 * that request, and each connection more is one of a database that a thousand instances share.
 */
const DEFAULTS = { RATE_LIMIT_STORE: 'storage', MONGODB_POOL_SIZE: '5' } as const;

/** A function has no disk to keep anything on, so what a server may do without is required here. */
export type FunctionConfiguration = Configuration & { readonly mongodbUri: string };

/** A function is cut off after 30 s; the platform tries a job again a minute later. */
const LONGEST_JOB_MS = 45_000;

const DATABASE_REQUIRED = 'MONGODB_URI: is required: a function keeps nothing on a disk of its own';

/** Throws one ConfigurationError that names all that is missing or wrong. Secrets win over variables. */
export function readFunctionConfiguration(variables: Variables, secrets: Variables): FunctionConfiguration {
  const set = { ...DEFAULTS, ...withoutBlanks(variables), ...withoutBlanks(secrets) };
  const problems = 'MONGODB_URI' in set ? [] : [DATABASE_REQUIRED];
  const configuration = collecting(problems, () => readConfiguration(set));
  if (!configuration || configuration.mongodbUri === undefined) throw new ConfigurationError(problems);
  // Something else wakes the jobs: a function sleeps between its calls, and its timers with it.
  return { ...configuration, mongodbUri: configuration.mongodbUri, scheduleJobs: false, longestJobMs: LONGEST_JOB_MS };
}

function collecting<T>(problems: string[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

function withoutBlanks(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim()));
}
