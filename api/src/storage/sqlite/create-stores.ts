import type { Stores } from '../storage.ts';
import type { Runner } from './engine/runner.ts';
import { createMachineStore } from './machines/machine-store.ts';
import { createSessionStore } from './sessions/session-store.ts';
import { createTaskStore } from './tasks/task-store.ts';

export function createStores(runner: Runner): Stores {
  return {
    sessions: createSessionStore(runner),
    tasks: createTaskStore(runner),
    machines: createMachineStore(runner),
  };
}
