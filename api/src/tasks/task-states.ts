import type { TaskStatus } from '@claude-projects/shared/contract';

/** Which states each state leads to. Completed and failed lead nowhere. */
const STEPS: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  pending: ['in_progress', 'completed', 'blocked'],
  in_progress: ['completed', 'failed', 'blocked'],
  blocked: ['pending', 'in_progress'],
  completed: [],
  failed: [],
};

export function mayStep(from: TaskStatus, to: TaskStatus): boolean {
  return STEPS[from].includes(to);
}
