import { isAbsolute } from 'node:path';
import { DEFAULTS } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';
import { ConfigurationError } from '../config/configuration.ts';

const PREFIX = 'CLAUDE_PROJECTS_LOCAL_';
const DAY_MS = 24 * 3_600_000;

const milliseconds = (minimum: number) => z.coerce.number().check(z.int(), z.minimum(minimum), z.maximum(DAY_MS));

/**
 * Names of its own: the process inherits the environment of an editor, where `MONGODB_URI` or `API_KEYS` may be
 * meant for something else.
 */
const Environment = z.object({
  FOLDER: z.string().check(z.refine((path) => isAbsolute(path), { error: 'must be an absolute path' })),
  IDLE_MS: z._default(milliseconds(100), 10 * 60_000),
  STALL_THRESHOLD_MS: z._default(milliseconds(1000), DEFAULTS.stallThresholdMs),
  LOG_LEVEL: z._default(z.enum(['error', 'warn', 'info', 'debug', 'silent']), DEFAULTS.logLevel),
});

export interface LocalServerSettings {
  /** Holds all that the server keeps: its data, its log, and how to reach it. */
  readonly folder: string;
  readonly idleMs: number;
  readonly stallThresholdMs: number;
  readonly logLevel: z.output<typeof Environment>['LOG_LEVEL'];
}

export function readLocalServerSettings(variables: Readonly<Record<string, string | undefined>>): LocalServerSettings {
  const own = Object.keys(Environment.shape).flatMap((name): [string, string][] => {
    const value = variables[PREFIX + name];
    return value === undefined || value.trim() === '' ? [] : [[name, value]];
  });
  const parsed = Environment.safeParse(Object.fromEntries(own));
  if (!parsed.success) {
    throw new ConfigurationError(
      parsed.error.issues.map((issue) => `${PREFIX}${String(issue.path[0])}: ${issue.message}`),
    );
  }
  const { FOLDER, IDLE_MS, STALL_THRESHOLD_MS, LOG_LEVEL } = parsed.data;
  return { folder: FOLDER, idleMs: IDLE_MS, stallThresholdMs: STALL_THRESHOLD_MS, logLevel: LOG_LEVEL };
}
