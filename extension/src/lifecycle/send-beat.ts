import type { SendHeartbeatInput, Session } from '@claude-projects/shared/client';
import type { Connection } from '../connection/connection.ts';
import { type Verdict, verdictOf } from './verdict.ts';

export interface Beat {
  readonly sessionId: string;
  /** Look at the session instead of beating: it may have ended while this process could not know. */
  readonly rereadFirst: boolean;
  /** Read when it is sent, not before. */
  readonly body: () => SendHeartbeatInput;
}

export type BeatVerdict =
  | { readonly kind: 'taken'; readonly session: Session }
  /** It has not ended; now it may be told that this process lives. */
  | { readonly kind: 'reread'; readonly status: Session['status'] }
  | Verdict;

export async function sendBeat(connection: Connection, signal: AbortSignal, beat: Beat): Promise<BeatVerdict> {
  try {
    return await connection.call(async (client, signal): Promise<BeatVerdict> => {
      if (beat.rereadFirst) {
        const { status, recovered_by } = await client.getSession(beat.sessionId, { signal });
        if (status === 'completed' || status === 'failed') {
          return { kind: 'over', successorSessionId: recovered_by ?? undefined };
        }
        return { kind: 'reread', status };
      }
      return { kind: 'taken', session: await client.sendHeartbeat(beat.sessionId, beat.body(), { signal }) };
    }, signal);
  } catch (error) {
    return verdictOf(error);
  }
}
