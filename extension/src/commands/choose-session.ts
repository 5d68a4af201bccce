import type { Session } from '@claude-projects/shared/client';
import { shownSlot } from '@claude-projects/shared/contract';
import { localTime } from '../platform/local-time.ts';
import { plainText } from '../platform/plain-text.ts';
import { branchOf } from '../sessions/session-labels.ts';
import { nameOfState, stateOf } from '../sessions/session-state.ts';
import { sessionIdIn } from './arguments.ts';
import type { CommandDeps } from './command-deps.ts';
import { Refusal } from './refusal.ts';
import type { Choice } from './ui.ts';

export interface WantedSession {
  readonly title: string;
  /** Said where no session fits. */
  readonly none: string;
  fits(session: Session): boolean;
}

type ChooseDeps = Pick<CommandDeps, 'ui' | 'localize' | 'sessions' | 'labels' | 'connection'>;

/** The session a command was called with, else one the user picks from those that fit. */
export async function chooseSession(deps: ChooseDeps, args: unknown, wanted: WantedSession): Promise<Session> {
  const { ui, localize, sessions } = deps;
  const sessionId = sessionIdIn(args, localize);
  if (sessionId !== undefined) return sessions.find(sessionId) ?? readSession(deps, sessionId);
  const fitting = (await knownSessions(deps)).filter((session) => wanted.fits(session));
  if (fitting.length === 0) throw new Refusal(wanted.none);
  return ui.pick(
    fitting.map((session) => sessionChoice(session, deps)),
    { title: wanted.title, placeholder: localize('Which session?') },
  );
}

/** If the view was never open, nothing was read, and only own sessions are known. */
async function knownSessions({ ui, localize, sessions, connection }: ChooseDeps): Promise<readonly Session[]> {
  if (!sessions.wasRead || sessions.all().length === 0) {
    await ui.progress(localize('Reading the sessions…'), async () => {
      await sessions.refresh();
      // An empty list would hide that there was no answer: asking once more tells why.
      if (connection.state.kind !== 'online' && sessions.all().length === 0)
        await connection.call((client, signal) => client.listSessions({ limit: 1 }, { signal }));
    });
  }
  return sessions.all();
}

function readSession({ ui, localize, connection }: ChooseDeps, sessionId: string): Promise<Session> {
  return ui.progress(localize('Reading the session…'), (_report, signal) =>
    connection.call((client, signal) => client.getSession(sessionId, { signal }), signal),
  );
}

/** By what people tell sessions apart: an id tells nobody anything. */
function sessionChoice(session: Session, { sessions, labels, localize }: ChooseDeps): Choice<Session> {
  const state = nameOfState(stateOf(session, sessions.healthOf(session)), localize);
  const branch = branchOf(session);
  const slot = shownSlot(session.docker_slot);
  const where = slot === null ? session.machine_id : localize('{0}, slot {1}', session.machine_id, slot);
  const parts = [session.project_id, ...(branch === undefined ? [] : [branch]), where];
  return {
    label: plainText(labels.labelOf(session)),
    description: state,
    detail: localize('{0} · last heartbeat {1}', plainText(parts.join(' · ')), localTime(session.last_heartbeat)),
    value: session,
  };
}
