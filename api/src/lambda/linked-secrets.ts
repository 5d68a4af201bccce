import { Resource } from 'sst/resource';
import * as z from 'zod/mini';

const Secret = z.object({ value: z.string() });

/** What the deployment calls a secret, and the variable that stands in for it where nothing is linked. */
export const SECRETS = { MongoDBUri: 'MONGODB_URI', ApiKeys: 'API_KEYS' } as const;

/** The secrets that are linked to this function, under the names of the variables that they stand for. */
export function linkedSecrets(resources: object = Resource): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, variable] of Object.entries(SECRETS)) {
    // Asked first: to read what is not linked throws.
    if (!(name in resources)) continue;
    const secret = Secret.safeParse(Reflect.get(resources, name));
    if (secret.success) found[variable] = secret.data.value;
  }
  return found;
}
