import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { decodeEntries, type Entry, encodeEntry, type ForeignEntry } from '../../../src/lifecycle/outbox/entry.ts';
import { JournalState } from '../../../src/lifecycle/outbox/journal-state.ts';
import { createTask, trackedSession, updateTask } from '../journals/support/samples.ts';

const session = trackedSession({ metadata: { note: 'two\nlines, an “ö” and 𝕏' } });
const task = randomUUID();
const entries: readonly (Entry | ForeignEntry)[] = [
  ...new JournalState(session).snapshot(),
  { entry: 'change', seq: 0, change: createTask(session, task, 'naïve ☕\u2028task') },
  { entry: 'change', seq: 1, change: updateTask(session, task, 'in_progress') },
  { entry: 'delivered', seq: 0 },
  { entry: 'refused', seq: 1, code: 'SESSION_ENDED', message: 'over', request_id: null },
  { entry: 'hopeless' },
];
const lines = entries.map((entry) => Buffer.from(encodeEntry(entry)));
const file = Buffer.concat(lines);
/** Where each line begins, and where the file ends. */
const borders = lines.reduce<number[]>((all, line) => [...all, (all.at(-1) ?? 0) + line.length], [0]);

describe('lines of a journal', () => {
  it('come back as they were written', () => {
    assert.deepEqual(decodeEntries(file), { entries, lostBytes: 0 });
  });

  it('are kept as far as they are whole, wherever the file was cut', () => {
    for (let length = 0; length <= file.length; length++) {
      const read = decodeEntries(file.subarray(0, length));
      // The line break at its end is not what makes a line whole.
      const whole = borders.slice(1).filter((border) => border - 1 <= length).length;
      assert.deepEqual(read.entries, entries.slice(0, whole), `cut after ${length} bytes`);
    }
  });

  const garbage = {
    'a byte': Buffer.from('x'),
    'zeros, as after a power cut': Buffer.alloc(4096),
    'half a line': lines[1]?.subarray(0, 40) ?? Buffer.alloc(0),
    'line breaks': Buffer.from('\n\n\r\n'),
    'a line with a wrong checksum': Buffer.from('\n00000000 {"entry":"hopeless"}\n'),
    'JSON without checksum': Buffer.from('{"entry":"hopeless"}'),
    'bytes that are no text': Buffer.from(Array.from({ length: 256 }, (_, index) => index)),
  };
  for (const [name, bytes] of Object.entries(garbage)) {
    it(`are all kept with ${name} between any two`, () => {
      for (const border of borders) {
        const read = decodeEntries(Buffer.concat([file.subarray(0, border), bytes, file.subarray(border)]));
        assert.deepEqual(read.entries, entries, `garbage at ${border}`);
      }
    });
  }

  it('are all kept but the one in which a byte was turned', () => {
    for (let offset = 0; offset < file.length; offset++) {
      if (borders.includes(offset) || borders.includes(offset + 1)) continue;
      const damaged = Buffer.from(file);
      damaged.writeUInt8((damaged[offset] ?? 0) ^ 0x80, offset);
      const line = borders.filter((border) => border <= offset).length - 1;
      const read = decodeEntries(damaged);
      assert.deepEqual(read.entries, entries.toSpliced(line, 1), `byte ${offset}`);
      assert.ok(read.lostBytes > 0);
    }
  });

  it('of a version that knows more are kept, and are no damage', () => {
    const json = '{"seq":1,  "entry":"from the future"}';
    const line = `\n${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
    const read = decodeEntries(Buffer.concat([file, Buffer.from(line)]));
    const foreign = { entry: 'foreign', kind: 'from the future', seq: 1, json } as const;
    assert.deepEqual(read, { entries: [...entries, foreign], lostBytes: 0 });
    assert.equal(encodeEntry(foreign), line);
  });
});
