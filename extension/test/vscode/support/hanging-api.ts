import type { IncomingMessage, ServerResponse } from 'node:http';
import { liveApi } from './live-api.ts';
import { passOn, type RunningServer, startServer } from './passing-on.ts';

export interface HangingApi extends RunningServer {
  /** How many changes came that were not answered yet. */
  readonly unanswered: number;
  /** Of those, how many the extension waits for no more. */
  readonly givenUp: number;
  /** From now on it answers, first of all those that still wait. */
  answer(): void;
}

/** The real API, which takes every request and answers none before it is told to. */
export async function startHangingApi(): Promise<HangingApi> {
  const seen = { unanswered: 0, givenUp: 0 };
  const answering = Promise.withResolvers<void>();
  let isAnswering = false;
  const server = await startServer((request, response) => {
    if (!isAnswering && request.method !== 'GET') {
      seen.unanswered += 1;
      response.once('close', () => {
        if (!isAnswering) seen.givenUp += 1;
      });
    }
    void answerLater(request, response);
  });
  async function answerLater(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await answering.promise;
    if (!response.destroyed) await passOn(request, response, liveApi.key);
  }
  return {
    ...server,
    get unanswered() {
      return seen.unanswered;
    },
    get givenUp() {
      return seen.givenUp;
    },
    answer() {
      isAnswering = true;
      answering.resolve();
    },
  };
}
