import type { OrchestrationTask, Problem, Result } from '../../api.d.ts';
import type { Tracker } from '../lifecycle/tracker.ts';
import type { Localize } from '../platform/localize.ts';
import { plainText } from '../platform/plain-text.ts';
import type { CommandDeps } from './command-deps.ts';
import { Refusal } from './refusal.ts';

type OwnDeps = Pick<CommandDeps, 'ui' | 'localize' | 'lifecycle' | 'sessions' | 'labels'>;

export function ownTracker({ lifecycle }: Pick<CommandDeps, 'lifecycle'>, sessionId: string): Tracker | undefined {
  return lifecycle.trackers.find((tracker) => tracker.sessionId === sessionId);
}

/** The one this window tracks; the user picks where there are several. */
export async function chooseOwn(deps: OwnDeps, title: string): Promise<Tracker> {
  const { ui, localize, lifecycle } = deps;
  const [first, ...others] = lifecycle.trackers;
  if (first === undefined) {
    throw new Refusal(localize('This window tracks no session. Start one first.'), [
      { label: localize('Start Session'), command: 'claudeProjects.startSession' },
    ]);
  }
  if (others.length === 0) return first;
  const choices = lifecycle.trackers.map((tracker) => {
    const label = labelOf(tracker, deps);
    const { projectId, currentTask } = tracker;
    const parts = [projectId, ...(currentTask === undefined ? [] : [currentTask.name])];
    const description = plainText(parts.filter((part) => part !== label).join(' · '));
    return { label: plainText(label), description, value: tracker };
  });
  return ui.pick(choices, { title, placeholder: localize('Which session of this window?') });
}

/** Before the API has told of it, this window alone knows it. */
function labelOf({ sessionId, projectId, title, currentTask }: Tracker, { sessions, labels }: OwnDeps): string {
  const session = sessions.find(sessionId);
  return session === undefined ? (title ?? currentTask?.name ?? projectId) : labels.labelOf(session);
}

export function ownTask({ lifecycle }: Pick<CommandDeps, 'lifecycle'>, taskId: string): OrchestrationTask | undefined {
  return lifecycle.trackers.flatMap((tracker) => tracker.tasks).find((task) => task.taskId === taskId);
}

/** What the lifecycle refuses comes as a value; commands fail with it. */
export function taken<T>(result: Result<T>, localize: Localize): T {
  if (result.ok) return result.value;
  throw new Refusal(refusalOf(result.problem, localize));
}

function refusalOf(problem: Problem, localize: Localize): string {
  switch (problem.code) {
    case 'invalid':
      return localize(
        'This cannot be taken: {0}',
        problem.details.map(({ field, message }) => `${field} ${message}`).join('; ') || problem.message,
      );
    case 'ended':
      return localize('It has ended already; nothing more can be reported of it.');
    case 'full':
      return localize('Thousands of reports wait for the server already. Bring the server back, then try again.');
    default:
      return problem satisfies never;
  }
}
