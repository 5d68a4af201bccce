import * as client from '../../src/client/index.ts';
import { describeAborts } from './faults/aborts.ts';
import { describeNewerServer } from './faults/newer-server.ts';
import { describeReplies } from './faults/replies.ts';
import { describeRetries } from './faults/retries.ts';
import { describeSecrecy } from './faults/secrecy.ts';

describe('the client against a faulty server', () => {
  for (const describeFaults of [
    describeRetries,
    describeReplies,
    describeNewerServer,
    describeAborts,
    describeSecrecy,
  ]) {
    describeFaults(() => client);
  }
});
