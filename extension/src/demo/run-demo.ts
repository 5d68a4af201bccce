import type { Result } from '../../api.d.ts';
import type { Connection } from '../connection/connection.ts';
import type { SessionTracker } from '../lifecycle/session-tracker.ts';
import type { WindowLifecycle } from '../lifecycle/window-lifecycle.ts';
import { type Clock, pause } from '../platform/clock.ts';
import type { Localize } from '../platform/localize.ts';
import type { Random } from '../platform/random.ts';

export interface DemoParts {
  readonly lifecycle: WindowLifecycle;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: Random;
  readonly localize: Localize;
  /** So that each step is seen when it happens. */
  readonly refresh: () => Promise<void>;
  /** Opens a session in the view, with its tasks. */
  readonly reveal: (sessionId: string) => Promise<void>;
}

const BEAT_MS = 1_800;

/**
 * A few minutes of an orchestration in twenty seconds. Everything in it is real: the sessions, the tasks, the stall
 * that the API is told of, and the recovery.
 */
export async function runDemo(parts: DemoParts, report: (step: string) => void, signal: AbortSignal): Promise<void> {
  const { lifecycle, connection, localize } = parts;
  const show = async (step: string) => {
    report(step);
    await parts.refresh();
    await pause(parts.clock, BEAT_MS / 2, signal);
    // What was told just before may have arrived only after the first reading.
    await parts.refresh();
    await pause(parts.clock, BEAT_MS / 2, signal);
    signal.throwIfAborted();
  };
  // Told from the start if there is no API: a demo of waiting is none.
  await connection.call((client, signal) => client.getHealth({ signal }), signal);
  const tracker = must(
    await lifecycle.start({ projectId: `demo/shop-${parts.random.uuid().slice(0, 4)}`, metadata: { demo: true } }),
  );
  let current: SessionTracker | undefined = tracker;
  try {
    await show(localize('An agent begins to work on a shop.'));
    await parts.reveal(tracker.sessionId);
    const schema = must(await tracker.startTask({ name: localize('Design the database schema') }));
    await show(localize('It designs the database schema …'));
    await schema.complete();
    const checkout = must(await tracker.startTask({ name: localize('Write the checkout') }));
    await show(localize('… and goes on to the checkout.'));
    const payment = must(await tracker.startTask({ name: localize('Connect the payment provider') }));
    await show(localize('A sub-agent connects the payment provider.'));
    await payment.fail(localize('The provider refused the test key.'));
    await show(localize('That fails. The checkout goes on.'));
    tracker.reportActivity('waiting_for_input', localize('May I add a dependency?'));
    await show(localize('The agent asks a question: the session needs attention.'));
    tracker.reportActivity('working');
    await show(localize('It got its answer.'));
    await tracker.held.outbox.whenEmpty(signal);
    signal.throwIfAborted();
    current = undefined;
    await crash(parts, tracker);
    await show(localize('The laptop dies. Nobody beats for the session any more: it is stalled.'));
    const recovered = await recover(parts, tracker);
    current = recovered;
    await show(localize('Recovered: a new session goes on from the last known state.'));
    await parts.reveal(recovered.sessionId);
    for (const task of recovered.tasks.filter(({ status }) => status === 'pending')) {
      await task.start();
      await show(localize('Again: {0}', task.name));
      await task.complete();
    }
    if (checkout.status === 'in_progress') await show(localize('What was done stays done.'));
    await recovered.complete();
    await show(localize('Done. Nothing was lost.'));
  } catch (error) {
    // Not as failed, nor as silent: nobody is to be asked whether a demo shall be recovered.
    if (current) await current.complete();
    else await connection.call((client) => client.deleteSession(tracker.sessionId)).catch(() => undefined);
    await parts.refresh();
    throw error;
  }
}

/** The window stops to speak for the session; the API is told at once what it would find out in three minutes. */
async function crash({ lifecycle, connection }: DemoParts, tracker: SessionTracker): Promise<void> {
  await lifecycle.abandon(tracker);
  await connection.call((client, signal) => client.markSessionStalled(tracker.sessionId, {}, { signal }));
}

/** Goes through once it has begun: nobody would beat for a successor that was made and not waited for. */
async function recover({ connection, lifecycle }: DemoParts, { sessionId, held }: SessionTracker) {
  const { machine_id } = held.session;
  const session = await connection.call((client, signal) =>
    client.recoverSession(sessionId, { new_machine_id: machine_id }, { signal }),
  );
  const adopted = await lifecycle.adopt(session);
  if (adopted.kind === 'adopted') return adopted.tracker;
  throw new Error(`Session ${session.session_id} goes on in another window.`);
}

function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.problem.message);
}
