import { Environment } from '../../api/src/config/environment.ts';
import { SECRETS } from '../../api/src/lambda/linked-secrets.ts';

export type Secrets = ReadonlyMap<string, string>;

/** Reads what `sst secret list` prints: the stage's own come before those that are kept for every stage. */
export function readSecrets(listing: string): Secrets {
  const own = new Map<string, string>();
  const shared = new Map<string, string>();
  let section = own;
  for (const line of listing.split(/\r?\n/)) {
    if (line.startsWith('#')) section = line.includes('fallback') ? shared : own;
    const [, name, value] = /^([A-Z]\w*)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) section.set(name, value);
  }
  return new Map([...shared, ...own]);
}

/** All that is missing or wrong, in the words of the functions that will read them, and never a value. */
export function problemsOf(secrets: Secrets, stage: string): string[] {
  return Object.entries(SECRETS).flatMap(([name, variable]) => {
    const value = secrets.get(name)?.trim() ?? '';
    if (!/[^\s,]/.test(value)) return [`${name}: is not set. Set it: pnpm sst secret set ${name} --stage ${stage}`];
    const { error } = Environment.shape[variable].safeParse(value);
    return error?.issues.map(({ message }) => `${name}: ${message}`) ?? [];
  });
}
