// The function behind API Gateway. What is done here, outside of the handler, is done once for each instance.
import { EmbeddedMetrics } from '../metrics/embedded-metrics.ts';
import { createApiFunction } from './api-function.ts';
import { functionParts } from './function-parts.ts';

const parts = functionParts(process.env);

export const { handler } = await createApiFunction(
  { ...parts, metrics: new EmbeddedMetrics(process.stdout, parts.clock, process.env['STAGE']) },
  process.env['EDGE_TOKEN'] || undefined,
);
