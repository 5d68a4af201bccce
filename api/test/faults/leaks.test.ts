import { assertEndsByItself } from './support/ends-by-itself.ts';

describe('faults: what is left of an API over SQLite', () => {
  it('keeps no process alive once it was closed', async function () {
    this.timeout(40_000);
    await assertEndsByItself('sqlite', /^200 404$/m);
  });
});
