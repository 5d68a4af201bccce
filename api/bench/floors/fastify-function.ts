// Floor: Fastify alone behind the same adapter, with one route and no database.
import awsLambdaFastify from '@fastify/aws-lambda';
import { fastify } from 'fastify';

const app = fastify();
app.get('/health', async () => ({ status: 'ok' }));
app.post('/heartbeat', async () => ({ status: 'active' }));
await app.ready();

export const handler = awsLambdaFastify(app, { decorateRequest: false });
