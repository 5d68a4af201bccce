import { createCipheriv, randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { type FunctionName, functionBuild } from '../../../build/function-builds.ts';

const built = new Map<FunctionName, Promise<string>>();

/** Built once for a run, as `pnpm build` does: a bundle that somebody built some time ago is not what is tested. */
function builtFolder(name: FunctionName): Promise<string> {
  const folder = built.get(name) ?? buildFolder(name);
  built.set(name, folder);
  return folder;
}

async function buildFolder(name: FunctionName): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'claude-projects-functions-'));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  await build({ ...functionBuild(name, root), cwd: join(import.meta.dirname, '../../..'), logLevel: 'silent' });
  return join(root, name);
}

/** A directory that holds what is deployed as a function, and nothing else, above it neither. */
export class Unpacked implements Disposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async function(name: FunctionName): Promise<Unpacked> {
    const folder = mkdtempSync(join(tmpdir(), `claude-projects-${name}-`));
    cpSync(await builtFolder(name), folder, { recursive: true });
    return new Unpacked(folder);
  }

  /** Adds linked resources as a deployment does, encrypted beside the bundle; the variables that open them. */
  link(resources: Readonly<Record<string, unknown>>): Record<string, string> {
    const key = randomBytes(32);
    // The key is new with each deployment, so that the nonce need not be.
    const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12));
    const text = cipher.update(JSON.stringify(resources));
    writeFileSync(join(this.folder, 'resource.enc'), Buffer.concat([text, cipher.final(), cipher.getAuthTag()]));
    return { SST_KEY: key.toString('base64'), SST_KEY_FILE: 'resource.enc' };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
