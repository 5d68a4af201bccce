import { crc32 } from 'node:zlib';
import * as z from 'zod/mini';
import { TrackedSession } from '../tracked-session.ts';
import { Change } from './change.ts';
import { JournaledTask } from './journaled-task.ts';

const Sequence = z.int().check(z.nonnegative());

/** What a journal knew when it was written anew; whatever waits follows it. */
const Header = z.object({
  entry: z.literal('header'),
  version: z.literal(1),
  session: TrackedSession,
  tasks: z.array(JournaledTask),
  known: z.boolean(),
  home: z.optional(z.string()),
  ended: z.boolean(),
  /** The create was refused: nothing of this session can be told any more. */
  hopeless: z.boolean(),
  next: Sequence,
});

const Added = z.object({ entry: z.literal('change'), seq: Sequence, change: Change });

/** `home`: which API knows the session since. */
const Delivered = z.object({ entry: z.literal('delivered'), seq: Sequence, home: z.optional(z.string()) });

const Refused = z.object({
  entry: z.literal('refused'),
  seq: Sequence,
  code: z.string(),
  message: z.string(),
  request_id: z.nullable(z.string()),
});

/** The create was refused, and with it all that waits. */
const Hopeless = z.object({ entry: z.literal('hopeless') });

export const Entry = z.discriminatedUnion('entry', [Header, Added, Delivered, Refused, Hopeless]);
export type Entry = z.output<typeof Entry>;
export type HeaderEntry = z.output<typeof Header>;
export type RefusedEntry = z.output<typeof Refused>;

/**
 * One line, with its checksum. It begins with a line break of its own, so that whatever a full disk or a dead machine
 * left before it stays a line apart.
 */
export function encodeEntry(entry: Entry): string {
  const json = JSON.stringify(entry);
  return `\n${checksum(json)} ${json}\n`;
}

export interface ReadEntries {
  readonly entries: readonly Entry[];
  /** How much of the file is none of it. */
  readonly lostBytes: number;
}

/** Never throws: what is damaged is left out, and what is whole is kept wherever it stands. */
export function decodeEntries(bytes: Uint8Array): ReadEntries {
  const entries: Entry[] = [];
  let lostBytes = 0;
  for (let from = 0; from < bytes.length; ) {
    const lineBreak = bytes.indexOf(LINE_BREAK, from);
    const to = lineBreak === -1 ? bytes.length : lineBreak;
    if (to > from) {
      const entry = decodeLine(bytes.subarray(from, to));
      if (entry) entries.push(entry);
      else lostBytes += to - from;
    }
    from = to + 1;
  }
  return { entries, lostBytes };
}

const LINE_BREAK = 10;
const CHECKSUM_LENGTH = 8;

function decodeLine(line: Uint8Array): Entry | undefined {
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
  const json = text.slice(CHECKSUM_LENGTH + 1);
  if (text.slice(0, CHECKSUM_LENGTH + 1) !== `${checksum(json)} `) return undefined;
  try {
    return Entry.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(CHECKSUM_LENGTH, '0');
}
