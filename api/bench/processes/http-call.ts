import { type Agent, request } from 'node:http';

export interface Answer {
  status: number;
  body: string;
}

/** One plain call; rejects where there is nobody to answer. */
export function call(
  method: 'GET' | 'POST',
  url: string,
  headers: Readonly<Record<string, string>> = {},
  agent?: Agent,
): Promise<Answer> {
  return new Promise((answered, failed) => {
    const sent = request(url, { method, headers, ...(agent && { agent }), timeout: 120_000 }, (reply) => {
      let body = '';
      reply.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      reply.once('end', () => answered({ status: reply.statusCode ?? 0, body }));
    });
    sent.once('timeout', () => sent.destroy(new Error('no answer within 120 s')));
    sent.once('error', failed);
    sent.end();
  });
}
