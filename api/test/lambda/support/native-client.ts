// Stands in for the compiled part of AWS's runtime client, which is C++ around the same four HTTP calls: it is built
// from source when it is installed, and needs cmake and a compiler. Only that part is replaced.
// To import it would load what the compiled part does without: see plainHttp in build/light-start.ts.
const { Agent, request } = process.getBuiltinModule('node:http');

const [hostname, port] = (process.env['AWS_LAMBDA_RUNTIME_API'] ?? '').split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

interface Invocation {
  bodyJson: string;
  headers: Record<string, string>;
}

function call(method: 'GET' | 'POST', path: string, body = '', headers: Record<string, string> = {}) {
  return new Promise<Invocation>((done, failed) => {
    const sent = request({ hostname, port, path: `/2018-06-01/runtime${path}`, method, headers, agent }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      reply.once('end', () => {
        const headers: Record<string, string> = {};
        for (const [name, values] of Object.entries(reply.headersDistinct)) headers[name] = values?.join(', ') ?? '';
        done({ bodyJson: text, headers });
      });
    });
    sent.once('error', failed);
    sent.end(body);
  });
}

/** The API that ended its work before its answer arrived has nobody left to tell. */
const send = (path: string, body: string, headers: Record<string, string> = {}) => {
  call('POST', path, body, { 'content-type': 'application/json', ...headers }).catch(() => process.exit(1));
};

export const next = (): Promise<Invocation> => call('GET', '/invocation/next');
export const done = (id: string, body: string): void => send(`/invocation/${id}/response`, body);
export const error = (id: string, body: string, xray: string): void =>
  send(`/invocation/${id}/error`, body, { 'lambda-runtime-function-xray-error-cause': xray });
export const initializeClient = (): void => undefined;
