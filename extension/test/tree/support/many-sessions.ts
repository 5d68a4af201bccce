import type { Session } from '@claude-projects/shared/client';
import { sampleSession } from '../../support/sample-session.ts';

/** Of many projects and machines: some run, some are late, some died, most have ended. */
export function manySessions(count: number): readonly Session[] {
  return Array.from({ length: count }, (_, index) => {
    const place = {
      project_id: `acme/project-${index % 40}`,
      machine_id: `machine-${index % 15}`,
      docker_slot: index % 8,
    };
    const ended = { health: 'ended', completed_at: '2026-03-01T08:00:00.000Z' } as const;
    if (index % 10 === 0) return sampleSession({ ...place, current_task_id: `task ${index}` });
    if (index % 10 === 1) return sampleSession({ ...place, status: 'stalled', health: 'stalled' });
    if (index % 10 === 2) return sampleSession({ ...place, ...ended, status: 'failed', error_message: 'it broke' });
    return sampleSession({ ...place, ...ended, status: 'completed' });
  });
}
