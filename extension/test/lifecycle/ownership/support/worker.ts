// A window of the editor as a process of its own, for tests that need real ones.
import { randomUUID } from 'node:crypto';
import { UnavailableError } from '@claude-projects/shared/client';
import type { Connection } from '../../../../src/connection/connection.ts';
import { JournalsOnDisk } from '../../../../src/lifecycle/journals-on-disk.ts';
import { systemFiles } from '../../../../src/lifecycle/outbox/files.ts';
import { Ownership } from '../../../../src/lifecycle/ownership/ownership.ts';
import { thisProcess } from '../../../../src/lifecycle/ownership/process-identity.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { systemRandom } from '../../../../src/platform/random.ts';
import { createHeld, createTask, started } from '../../journals/support/samples.ts';
import { Order, type Report } from './messages.ts';

const report = (message: Report) => process.send?.(message);
const silent = () => undefined;
const log = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };

const nobody: Connection = {
  state: { kind: 'offline', since: 0, reason: 'a test' },
  onDidChange: () => ({ dispose: silent }),
  address: undefined,
  call: () => Promise.reject(new UnavailableError('a test', { code: 'NETWORK_ERROR' })),
};

async function obey(order: Order): Promise<void> {
  switch (order.do) {
    case 'take': {
      const parts = { files: systemFiles, clock: systemClock, random: systemRandom, self: thisProcess() };
      report({ kind: (await new Ownership({ ...parts, times: order.times }).take(order.folder)).kind });
      return;
    }
    case 'add': {
      const { root, session, times } = order;
      const parts = { connection: nobody, clock: systemClock, random: systemRandom, log };
      const held = await createHeld(new JournalsOnDisk({ ...parts, root, times }), session, started(session));
      for (let number = 0; ; number++) {
        const result = await held.outbox.add(createTask(session, randomUUID(), `task ${number}`));
        if (result === 'closed' || result === 'full') break;
        report({ kind: 'added', number, result });
      }
      report({ kind: 'stopped', stillHeld: await held.stillHeld() });
      return;
    }
    default:
      order satisfies never;
  }
}

// A worker whose test is gone has no business any more.
process.on('disconnect', () => process.exit());
process.on('message', (message) => void obey(Order.parse(message)));
report({ kind: 'ready' });
