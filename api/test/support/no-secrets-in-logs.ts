import assert from 'node:assert/strict';
import { type SecretWatch, secretWatch } from './secret-watch.ts';

/** Required by mocha: whatever was tested, the run fails where a line of its logs held a secret. */
export const mochaHooks = {
  afterAll(): void {
    assertNoLeaks(secretWatch);
  },
};

export function assertNoLeaks({ leaks, lines }: Pick<SecretWatch, 'leaks' | 'lines'>): void {
  const found = leaks.map(({ what, line }) => `${what}, in the line: ${nameOf(line)}`);
  assert.deepEqual([...new Set(found)], [], `secrets in the ${lines} lines that were logged`);
}

/** Enough to find who wrote it, and no more: the line itself is what nobody should see. */
function nameOf(line: string): string {
  return /"message":"([^"]{0,60})/.exec(line)?.[1] ?? 'one without a message';
}
