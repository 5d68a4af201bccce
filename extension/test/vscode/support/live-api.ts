// The real API that runs beside the editor while these tests do.
import { askRunner, environment } from './runner.ts';

export const liveApi = {
  get url(): string {
    return environment('TEST_API_URL');
  },
  get key(): string {
    return environment('TEST_API_KEY');
  },
  /** With the data it had, at the same address; does nothing if it runs. */
  start: () => askRunner('/api/start'),
  /** It answers what arrived and ends. */
  stop: () => askRunner('/api/stop'),
  /** It runs on as if it were so long ago. */
  putBack: (agoMs: number) => askRunner('/api/put-back', String(agoMs)),
  /** It is gone at once, as after a crash. */
  kill: () => askRunner('/api/kill'),
};
