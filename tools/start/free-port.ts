import { createServer } from 'node:net';

/** The port that is wanted or, where it is taken, any other. */
export function freePort(host: string, wanted: number): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', () => {
      if (wanted === 0) fail(new Error('No free port was found.'));
      else done(freePort(host, 0));
    });
    probe.listen(wanted, host, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : wanted;
      probe.close(() => done(port));
    });
  });
}
