import { createJobs } from './jobs.ts';
import { createMachines } from './machines.ts';
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
];
