import { createCipheriv, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import JSZip from 'jszip';
import { build } from 'rolldown';
import { type FunctionName, functionBuild } from '../../../build/function-builds.ts';

const zipped = new Map<FunctionName, Promise<Buffer>>();

/**
 * What is uploaded for a function: the directory that its bundle was built into, packed. Made once for a run: a bundle
 * that somebody built some time ago is not what is tested.
 */
function zipOf(name: FunctionName): Promise<Buffer> {
  const zip = zipped.get(name) ?? buildAndPack(name);
  zipped.set(name, zip);
  return zip;
}

async function buildAndPack(name: FunctionName): Promise<Buffer> {
  const root = mkdtempSync(join(tmpdir(), 'claude-projects-functions-'));
  try {
    await build({ ...functionBuild(name, root), cwd: join(import.meta.dirname, '../../..'), logLevel: 'silent' });
    const zip = new JSZip();
    for (const file of readdirSync(join(root, name))) zip.file(file, readFileSync(join(root, name, file)));
    return await zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' });
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** A directory that holds what a function's zip held, and nothing else, above it neither. */
export class Unpacked implements Disposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async function(name: FunctionName): Promise<Unpacked> {
    const folder = mkdtempSync(join(tmpdir(), `claude-projects-${name}-`));
    const { files } = await JSZip.loadAsync(await zipOf(name));
    for (const file of Object.values(files)) writeFileSync(join(folder, file.name), await file.async('nodebuffer'));
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
