import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface EditorHold {
  /** Stores the addresses, so that a second `pnpm start` can print them. */
  announce(text: string): void;
  release(): void;
}

/**
 * One editor for each data folder: a second one would point the profile of the first at another server. A socket marks the
 * first one, because the system releases a socket however its process ends.
 */
export async function holdEditor(dataDir: string): Promise<EditorHold> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const socket = socketOf(dataDir);
  const addresses = join(dataDir, 'addresses');
  let server = await listen(socket);
  if (!server) {
    if (await answers(socket)) throw new Error(refusal(dataDir, addresses));
    // A process that was killed left the file of its socket behind.
    rmSync(socket, { force: true });
    server = await listen(socket);
  }
  if (!server) throw new Error(refusal(dataDir, addresses));
  const held = server;
  rmSync(addresses, { force: true });
  return {
    announce: (text) => writeFileSync(addresses, text, { mode: 0o600 }),
    release: () => void held.close(),
  };
}

function refusal(dataDir: string, addresses: string): string {
  return `Claude Projects runs already, with the data in ${dataDir}.
${readOr(addresses, 'It is about to start; its addresses appear in the terminal in which it was started.')}
Use that one, or stop it with Ctrl+C in its terminal. To start another one beside it, set DATA_DIR to another folder.`;
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

/** Sockets need short paths, so the socket is outside the data folder. */
function socketOf(dataDir: string): string {
  const hash = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 16);
  const name = `claude-projects-start-${hash}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/** Undefined where the name is taken. */
async function listen(socket: string): Promise<Server | undefined> {
  const server = createServer((connection) => connection.end());
  try {
    server.listen(socket);
    await once(server, 'listening');
    return server.unref();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

async function answers(socket: string): Promise<boolean> {
  const connection = connect(socket);
  try {
    await once(connection, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    connection.destroy();
  }
}
