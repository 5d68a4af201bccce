import type { Task } from '@claude-projects/shared/client';
import type { Localize } from '../platform/localize.ts';

export function nameOfStatus(status: Task['status'], localize: Localize): string {
  switch (status) {
    case 'pending':
      return localize('pending');
    case 'in_progress':
      return localize('in progress');
    case 'blocked':
      return localize('blocked');
    case 'completed':
      return localize('completed');
    case 'failed':
      return localize('failed');
    case 'unknown':
      return localize('unknown state');
    default:
      return status satisfies never;
  }
}
