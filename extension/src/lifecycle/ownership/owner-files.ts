import * as z from 'zod/mini';

/** One is added with each owner; the highest number owns. */
export interface OwnerFile {
  readonly name: string;
  readonly generation: number;
  /** Its owner gave it up. */
  readonly released: boolean;
}

const PATTERN = /^owner\.([1-9]\d{0,8})(\.released)?$/;

export function ownerFilesIn(names: readonly string[]): readonly OwnerFile[] {
  return names
    .flatMap((name) => {
      const match = PATTERN.exec(name);
      return match ? [{ name, generation: Number(match[1]), released: match[2] !== undefined }] : [];
    })
    .sort((a, b) => a.generation - b.generation);
}

export const ownerFileName = (generation: number) => `owner.${generation}`;
export const releasedFileName = (generation: number) => `${ownerFileName(generation)}.released`;

const Owner = z.object({ pid: z.int(), host: z.string(), nonce: z.string() });
export type Owner = z.output<typeof Owner>;

/** Undefined where it cannot be read as one: it may be being written. */
export function ownerOf(text: string): Owner | undefined {
  try {
    return Owner.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
