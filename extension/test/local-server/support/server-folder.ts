import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { isAlive, untilGone } from './until.ts';

const Published = z.object({ port: z.number(), key: z.string(), pid: z.number(), instance: z.string() });
export type Published = z.output<typeof Published>;

/** A folder for a server, in a folder of its own. Ends whatever serves there when it is disposed of. */
export class ServerFolder {
  readonly #parent = mkdtempSync(join(tmpdir(), 'claude-projects-local-'));
  readonly path = join(this.#parent, 'local-server');

  get serverFile(): string {
    return join(this.path, 'server.json');
  }

  published(): Published {
    return Published.parse(JSON.parse(readFileSync(this.serverFile, 'utf8')));
  }

  publish(content: object): void {
    writeFileSync(this.serverFile, JSON.stringify(content));
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  async dispose(): Promise<void> {
    if (existsSync(this.serverFile)) {
      const published = Published.safeParse(jsonIn(readFileSync(this.serverFile, 'utf8')));
      if (published.success && published.data.pid !== process.pid && isAlive(published.data.pid)) {
        process.kill(published.data.pid, 'SIGKILL');
        await untilGone(published.data.pid);
      }
    }
    rmSync(this.#parent, { recursive: true, force: true });
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
