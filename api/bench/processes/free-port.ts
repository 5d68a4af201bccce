import { createServer } from 'node:net';

/** A port nobody has at this moment. */
export function freePort(): Promise<number> {
  return new Promise((found, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address !== null) found(address.port);
        else fail(new Error('no port was given'));
      });
    });
  });
}
