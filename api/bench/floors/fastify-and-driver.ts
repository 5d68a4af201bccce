// Floor: Fastify alone with the official driver's findOneAndUpdate.
import { fastify } from 'fastify';
import { MongoClient } from 'mongodb';
import { driverEnvironment } from './driver-environment.ts';

const { uri, host, port, poolSize } = driverEnvironment();
const client = await new MongoClient(uri, { maxPoolSize: poolSize }).connect();
const sessions = client.db().collection('sessions');
const app = fastify();

app.get('/health', async () => ({ status: 'ok' }));
app.post<{ Params: { id: string } }>('/api/sessions/:id/heartbeat', async ({ params }, reply) => {
  const found = await sessions.findOneAndUpdate(
    { session_id: params.id },
    { $set: { last_heartbeat: new Date() } },
    { returnDocument: 'after' },
  );
  return found ?? reply.status(404).send({});
});
process.once('SIGTERM', () => void client.close().then(() => process.exit(0)));
await app.listen({ port, host });
