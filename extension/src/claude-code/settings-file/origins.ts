import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import * as z from 'zod/mini';

/** What a settings file without any setting held before it was connected, and the folder that was made for it. */
const Origin = z.object({
  /** Null where there was no file. */
  text: z.nullable(z.string()),
  folder: z.nullable(z.string()),
});
export type Origin = z.infer<typeof Origin>;

export const OriginsByPath = z.record(z.string(), Origin);
type OriginsByPath = z.infer<typeof OriginsByPath>;

/**
 * Disconnecting brings back what was there before; files with settings come back by themselves. On the disk, because a
 * window does not see what another one adds to the editor's own memory.
 */
export class Origins {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  async of(path: string): Promise<Origin | undefined> {
    return (await this.#all())[path];
  }

  async keep(path: string, origin: Origin): Promise<void> {
    await this.#write({ ...(await this.#all()), [path]: origin });
  }

  async forget(path: string): Promise<void> {
    const { [path]: forgotten, ...others } = await this.#all();
    if (forgotten) await this.#write(others);
  }

  async #all(): Promise<OriginsByPath> {
    const text = await readFile(this.#file, 'utf8').catch(() => '{}');
    try {
      return OriginsByPath.safeParse(JSON.parse(text)).data ?? {};
    } catch {
      return {};
    }
  }

  async #write(all: OriginsByPath): Promise<void> {
    const draft = `${this.#file}.${randomUUID()}`;
    await writeFile(draft, JSON.stringify(all), { mode: 0o600 });
    await rename(draft, this.#file);
  }
}
