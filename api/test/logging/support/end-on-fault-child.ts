import { endOnFault } from '../../../src/logging/end-on-fault.ts';
import { Log } from '../../../src/logging/log.ts';

const log = new Log({ logLevel: 'info', apiKeys: [], mongodbUri: undefined });
endOnFault(log);
for (let line = 0; line < 1000; line++) log.info('Before the end', { line });
if (process.argv[2] === 'rejection') void Promise.reject(new Error('nobody awaited this'));
else {
  setImmediate(() => {
    throw new Error('nobody caught this');
  });
}
// Without the fault the process would go on for ever.
setInterval(() => undefined, 1000);
