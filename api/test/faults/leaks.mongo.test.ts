import { assertEndsByItself } from './support/ends-by-itself.ts';

describe('faults: what is left of an API over MongoDB', () => {
  it('keeps no process alive once it was closed, calls that were given up included', async () => {
    await assertEndsByItself('mongodb', /^200 404.*\n.*50[34]$/m);
  });
});
