import type { Step } from './fault-server.ts';
import { session, sessionList, task } from './records.ts';
import { json, refusal } from './steps.ts';

/** What the README's example asks for, call by call, with a stumble. */
export const EXAMPLE_SCRIPT: readonly Step[] = [
  refusal('DATABASE_UNAVAILABLE'),
  json(201, session),
  json(201, task),
  json(200, { ...task, status: 'in_progress' }),
  json(200, session),
  json(200, { ...task, status: 'completed' }),
  json(200, { ...session, status: 'completed' }),
  json(200, sessionList),
];

export const EXAMPLE_OUTPUT = '1 of 1 sessions, the latest active.\n';
