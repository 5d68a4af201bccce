import { createConsistency } from './consistency.ts';
import { createExpectedJobs } from './expected-jobs.ts';
import { createExpiry } from './expiry.ts';
import { createJobs } from './jobs.ts';
import { createLiveOfMachine } from './live-of-machine.ts';
import { createMachines } from './machines.ts';
import { createMeasureIndexes } from './measure-indexes.ts';
import { createOperations } from './operations.ts';
import { createSessionCounts } from './session-counts.ts';
import { createSessions } from './sessions.ts';
import { createTasks } from './tasks.ts';

/**
 * Entry n takes the file from version n to n + 1. Only ever append: what has been released has run on
 * somebody's file.
 */
export const MIGRATIONS: readonly string[] = [
  [createSessions, createTasks, createMachines, createJobs].join('\n'),
  createSessionCounts,
  [createOperations, createMeasureIndexes, createConsistency].join('\n'),
  createLiveOfMachine,
  createExpiry,
  createExpectedJobs,
];
