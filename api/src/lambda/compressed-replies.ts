import type { FastifyInstance } from 'fastify';

/** About what one packet carries: less is not sent sooner by being made smaller. */
const LEAST_BYTES = 1400;
/** The quickest: a page of sessions shrinks to a sixth, and to a seventh at best. */
const LEVEL = 1;

/**
 * Compresses long replies for who takes them so. What a function answers is paid by the byte, and nothing before it
 * compresses; a server may stand behind a proxy that does, or be called from its own machine.
 */
export function addCompression(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (typeof payload !== 'string' || Buffer.byteLength(payload) < LEAST_BYTES) {
      done(null, payload);
      return;
    }
    void reply.header('Vary', 'Accept-Encoding');
    if (!takesGzip(request.headers['accept-encoding'])) {
      done(null, payload);
      return;
    }
    void reply.header('Content-Encoding', 'gzip').removeHeader('Content-Length');
    // Not imported: Node would load it at each start, and most replies are short. And at once, for half a millisecond: a
    // function answers one request at a time, and nothing may answer this one meanwhile.
    done(null, process.getBuiltinModule('node:zlib').gzipSync(payload, { level: LEVEL }));
  });
}

function takesGzip(acceptEncoding = ''): boolean {
  const offered = acceptEncoding.toLowerCase().split(',');
  const of = (name: string) => offered.map((each) => each.split(';')).find(([first = '']) => first.trim() === name);
  // What is said of it by its name goes before what is said of all.
  const parameters = of('gzip') ?? of('*');
  return parameters !== undefined && !parameters.some((parameter) => /^\s*q\s*=\s*0(\.0*)?\s*$/.test(parameter));
}
