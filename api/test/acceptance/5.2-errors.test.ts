import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { overriding } from '../support/overriding.ts';
import { fieldsOf, refused } from '../support/refused.ts';
import { startTestApi } from '../support/test-api.ts';

describe('5.2 errors', () => {
  it('AC-5.2.a a fault nobody foresaw is answered with all fields of the error format, and nothing of the fault', async () => {
    const get = () => Promise.reject(new TypeError('secret of the inside'));
    const api = await startTestApi(
      {},
      { decorate: (storage) => overriding(storage, { sessions: overriding(storage.sessions, { get }) }) },
    );
    try {
      const path = `/api/sessions/${randomUUID()}`;
      const error = await refused(api, 'INTERNAL_ERROR', 'GET', path);
      assert.deepEqual(Object.keys(error).toSorted(), [
        'code',
        'error',
        'message',
        'path',
        'request_id',
        'statusCode',
        'timestamp',
      ]);
      assert.equal(error.error, 'Internal Server Error');
      assert.doesNotMatch(JSON.stringify(error), /secret/);
    } finally {
      await api.close();
    }
  });

  it('AC-5.2.b a create without project_id is a 400 that names the field', async () => {
    const api = await startTestApi();
    try {
      const error = await refused(api, 'VALIDATION_FAILED', 'POST', '/api/sessions', { machine_id: 'machine' });
      assert.deepEqual(fieldsOf(error), ['project_id']);
    } finally {
      await api.close();
    }
  });
});
