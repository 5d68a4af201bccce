import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import { readTolerantly } from '../../src/client/tolerant.ts';

/** A list with records of several kinds, as a future route may return. */
const Event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('session.created'), session_id: z.string() }),
  z.object({ type: z.literal('task.blocked'), task_id: z.string(), reason: z.nullable(z.enum(['question', 'limit'])) }),
]);
const Events = z.object({ events: z.array(Event), next: z.string(), totals: z.nullable(z.array(z.int())) });

describe('tolerant reading', () => {
  const created = { type: 'session.created', session_id: 'a' } as const;

  it('leaves out records of a kind that it does not know, and names the first fault of each', () => {
    const json = {
      events: [{ type: 'request.opened', id: 1 }, created, { type: 'task.blocked' }],
      next: 'x',
      totals: null,
    };
    const reading = readTolerantly(Events, json);
    assert('data' in reading);
    assert.deepEqual(reading.data, { events: [created], next: 'x', totals: null });
    assert.deepEqual(
      reading.unreadable.map(({ field }) => field),
      ['events.0.type', 'events.2.task_id'],
    );
  });

  it('reads an empty list where no record of it can be read', () => {
    const reading = readTolerantly(Events, { events: [{ type: 'x' }, { type: 'y' }], next: 'x', totals: [1] });
    assert('data' in reading);
    assert.deepEqual(reading.data, { events: [], next: 'x', totals: [1] });
    assert.equal(reading.unreadable.length, 2);
  });

  const broken = {
    'a field is missing beside a list with an unreadable record': { events: [{ type: 'x' }], totals: null },
    'a list has null in the place of a record': { events: [created, null], next: 'x', totals: null },
    'a list has texts in the place of numbers': { events: [], next: 'x', totals: [1, '2'] },
    'an enum is a number': { status: 7 },
  };
  for (const [what, json] of Object.entries(broken)) {
    it(`refuses the whole where ${what}`, () => {
      const schema = 'status' in json ? z.object({ status: z.enum(['ok']) }) : Events;
      assert('problems' in readTolerantly<z.ZodMiniType>(schema, json));
    });
  }
});
