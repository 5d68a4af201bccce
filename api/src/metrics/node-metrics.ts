import { collectDefaultMetrics, Registry } from 'prom-client';

let registry: Registry | undefined;

/**
 * What Node says of this process: memory, garbage, event loop. Of the process, so there is one however many
 * applications run in it: prom-client's observers cannot be stopped, and a second set would only count twice.
 * They begin with the first look at the page; a process that nobody scrapes does without them.
 */
export function nodeMetrics(): Registry {
  if (!registry) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
  }
  return registry;
}
