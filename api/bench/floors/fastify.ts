// Floor: Fastify alone, making the API's own storage calls and giving its replies. Arguments put the API's parts
// back one by one: `context`, `authentication`, `validation`.
import { Heartbeat, LIMITS } from '@claude-projects/shared/contract';
import { fastify } from 'fastify';
import { addAuthentication } from '../../src/auth/authentication.ts';
import { systemClock } from '../../src/common/clock.ts';
import { validationError } from '../../src/common/domain-error.ts';
import { addJsonBodies } from '../../src/http/json-body.ts';
import { addRequestContext, canonicalUrl, requestIdOf } from '../../src/http/request-hooks.ts';
import { Log } from '../../src/logging/log.ts';
import { configuration, heartbeat, list, toBeat } from './embedded-storage.ts';

const parts = new Set(process.argv.slice(2));
const app = parts.has('context')
  ? fastify({
      genReqId: requestIdOf,
      requestIdHeader: false,
      rewriteUrl: canonicalUrl,
      bodyLimit: LIMITS.bodyBytes,
      routerOptions: { maxParamLength: LIMITS.idLength * 3 },
    })
  : fastify();

if (parts.has('context')) addRequestContext(app);
if (parts.has('authentication'))
  addAuthentication(app, configuration, { log: new Log(configuration), clock: systemClock });
if (parts.has('validation')) addJsonBodies(app);

app.get('/health', { config: { access: 'public' } }, async () => ({ status: 'ok' }));

app.get<{ Querystring: { limit?: string } }>('/api/sessions', async ({ query }) => list(Number(query.limit ?? 50)));

app.post<{ Params: { id: string }; Body: unknown }>('/api/sessions/:id/heartbeat', async ({ params, body }) => {
  if (parts.has('validation')) await mustBeBeat(body);
  return heartbeat(params.id, toBeat(body));
});

await app.listen({ port: configuration.port, host: configuration.host });

async function mustBeBeat(body: unknown): Promise<void> {
  const result = await Heartbeat['~standard'].validate(body ?? {});
  if (result.issues) throw validationError([]);
}
