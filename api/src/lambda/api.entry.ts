// The function behind API Gateway. What is done here, outside of the handler, is done once for each instance.
import type { Context } from 'aws-lambda';
import { EmbeddedMetrics } from '../metrics/embedded-metrics.ts';
import { ApiFunction } from './api-function.ts';
import { functionParts } from './function-parts.ts';

const { openStorage, ...core } = functionParts(process.env);
const api = new ApiFunction({
  log: core.log,
  clock: core.clock,
  edgeToken: process.env['EDGE_TOKEN'] || undefined,
  openParts: async () => ({
    ...core,
    storage: await openStorage(),
    metrics: new EmbeddedMetrics(process.stdout, core.clock),
  }),
});
await api.start();

export const handler = (event: unknown, context: Context) => api.handle(event, context);
