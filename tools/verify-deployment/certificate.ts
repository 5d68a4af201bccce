import { type ConnectionOptions, connect } from 'node:tls';
import { NoReplyError } from './failures.ts';
import { noReply } from './no-reply.ts';

/** Until when the certificate of an https:// address holds. Rejects where it does not hold even now. */
export type CertificateEnd = (url: URL, timeoutMs: number) => Promise<Date>;

export const certificateEnd: CertificateEnd = (url, timeoutMs) => readCertificateEnd(url, timeoutMs);

export async function readCertificateEnd(url: URL, timeoutMs: number, options: ConnectionOptions = {}): Promise<Date> {
  // Brackets are of the URL, not of the address in them.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || 443);
  const { promise, resolve, reject } = Promise.withResolvers<Date>();
  const socket = connect({ host, port, ...(isName(host) ? { servername: host } : {}), ...options });
  socket.setTimeout(timeoutMs, () => socket.destroy(new DOMException('', 'TimeoutError')));
  socket.on('error', (error) => reject(noReply(error, url, timeoutMs)));
  socket.once('secureConnect', () => {
    const end = new Date(socket.getPeerCertificate().valid_to);
    if (Number.isNaN(end.getTime()))
      reject(new NoReplyError('its certificate does not say until when it holds', undefined));
    else resolve(end);
  });
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

/** Only names may be asked for by name. */
function isName(host: string): boolean {
  return !/^[\d.]+$|:/.test(host);
}
