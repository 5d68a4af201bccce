import { passOn, type RunningServer, startServer } from './passing-on.ts';

export interface RefusingApi extends RunningServer {
  /** As in `POST /api/sessions`. */
  readonly requests: readonly string[];
}

/** The real API, for somebody whose key it does not know. */
export async function startRefusingApi(): Promise<RefusingApi> {
  const requests: string[] = [];
  const wrongKey = crypto.randomUUID();
  const server = await startServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    void passOn(request, response, wrongKey);
  });
  return { ...server, requests };
}
