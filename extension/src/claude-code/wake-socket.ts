import { chmod, mkdir, mkdtemp, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ProcessIdentity } from '../lifecycle/ownership/process-identity.ts';
import type { Disposable } from '../platform/disposable.ts';
import { errorText } from '../platform/error-text.ts';
import type { Log } from '../platform/log.ts';

export interface WakeSocketParts {
  /** `windows/` holds a file for each open window, which says where it listens. */
  readonly root: string;
  readonly id: string;
  readonly self: ProcessIdentity;
  readonly log: Log;
  readonly onWake: (session: string) => void;
}

const SESSION = /^[\w-]{1,100}$/;
const MOST_READ = 200;
const PREFIX = 'claude-projects-';
const SOCKET = 'wake';
const MOST_CONNECTIONS = 64;

/**
 * Where the hook program knocks. The socket lies in a folder for this user alone, in the system's place for such: the
 * editor's own storage is too deep for the length that the name of a socket may have. All it can do is to have the
 * window look at a folder that it looks at anyway.
 */
export class WakeSocket implements Disposable {
  readonly #parts: WakeSocketParts;
  readonly #note: string;
  #server: Server | undefined;
  #folder: string | undefined;
  #disposed = false;

  constructor(parts: WakeSocketParts) {
    this.#parts = parts;
    this.#note = join(parts.root, 'windows', `${parts.self.pid}.${parts.id}`);
  }

  /** Never rejects: without it, what hooks report is seen a few seconds later. */
  async listen(): Promise<void> {
    try {
      await mkdir(join(this.#parts.root, 'windows'), { recursive: true, mode: 0o700 });
      await this.#forgetTheDead();
      const address = await this.#address();
      await this.#open(address);
      await writeFile(this.#note, address, { mode: 0o600 });
      if (this.#disposed) await this.close();
    } catch (error) {
      this.#parts.log.warn(`Claude Code's hooks cannot reach this window at once: ${errorText(error)}`);
    }
  }

  async close(): Promise<void> {
    this.#disposed = true;
    this.#server?.close();
    await rm(this.#note, { force: true });
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }

  dispose(): void {
    this.close().catch((error: unknown) => this.#parts.log.debug(errorText(error)));
  }

  async #address(): Promise<string> {
    if (process.platform === 'win32') return `\\\\.\\pipe\\claude-projects-${this.#parts.id}`;
    this.#folder = await mkdtemp(join(tmpdir(), PREFIX));
    return join(this.#folder, SOCKET);
  }

  async #open(address: string): Promise<void> {
    const server = createServer((socket) => {
      let text = '';
      socket.setEncoding('utf8');
      socket.on('error', () => socket.destroy());
      socket.on('data', (part: string) => {
        text += part;
        if (text.length > MOST_READ) socket.destroy();
      });
      socket.on('end', () => {
        const session = text.trim();
        if (SESSION.test(session)) this.#parts.onWake(session);
        socket.end();
      });
    });
    server.maxConnections = MOST_CONNECTIONS;
    server.on('error', (error) => this.#parts.log.debug(errorText(error)));
    this.#server = server;
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(address, done);
    });
    server.unref();
    if (process.platform !== 'win32') await chmod(address, 0o600);
  }

  /** Of a window that died, and could not clear its folder away. Nothing else is touched, whatever the note says. */
  async #forgetSocket(note: string): Promise<void> {
    const socket = (await readFile(note, 'utf8').catch(() => '')).trim();
    const folder = dirname(socket);
    if (basename(socket) !== SOCKET || dirname(folder) !== tmpdir() || !basename(folder).startsWith(PREFIX)) return;
    await rm(socket, { force: true });
    await rmdir(folder).catch(() => undefined);
  }

  async #forgetTheDead(): Promise<void> {
    const folder = join(this.#parts.root, 'windows');
    for (const name of await readdir(folder)) {
      const pid = Number.parseInt(name, 10);
      if (this.#parts.self.isAlive(pid)) continue;
      await this.#forgetSocket(join(folder, name));
      await rm(join(folder, name), { force: true });
    }
  }
}
