import { crc32 } from 'node:zlib';
import * as z from 'zod/mini';
import { TrackedSession } from '../tracked-session.ts';
import { type Change, ReadChange } from './change.ts';
import { JournaledTask } from './journaled-task.ts';

const Sequence = z.int().check(z.nonnegative());

/** What a journal knew when it was written anew; whatever waits follows it. */
export interface HeaderEntry {
  readonly entry: 'header';
  readonly version: 1;
  readonly session: TrackedSession;
  readonly tasks: readonly JournaledTask[];
  readonly known: boolean;
  readonly home?: string | undefined;
  readonly ended: boolean;
  /** The create was refused: nothing of this session can be told any more. */
  readonly hopeless: boolean;
  readonly next: number;
}

export interface RefusedEntry {
  readonly entry: 'refused';
  readonly seq: number;
  readonly code: string;
  readonly message: string;
  readonly request_id: string | null;
}

export type Entry =
  | HeaderEntry
  | { readonly entry: 'change'; readonly seq: number; readonly change: Change }
  /** `home`: which API knows the session since. */
  | { readonly entry: 'delivered'; readonly seq: number; readonly home?: string | undefined }
  | RefusedEntry
  /** The create was refused, and with it all that waits. */
  | { readonly entry: 'hopeless' };

/** What a newer version wrote and this one does not understand. It is kept, for that version, and never delivered. */
export interface ForeignEntry {
  readonly entry: 'foreign';
  /** Such as `change`. */
  readonly kind: string | undefined;
  readonly seq: number | undefined;
  readonly json: string;
}

const Header = z.looseObject({
  entry: z.literal('header'),
  version: z.literal(1),
  session: z.looseObject(TrackedSession.shape),
  tasks: z.array(z.looseObject(JournaledTask.shape)),
  known: z.boolean(),
  home: z.optional(z.string()),
  ended: z.boolean(),
  hopeless: z.boolean(),
  next: Sequence,
});

/** Fields that only a newer version knows stay in what is read. */
const ReadEntry = z.discriminatedUnion('entry', [
  Header,
  z.looseObject({ entry: z.literal('change'), seq: Sequence, change: ReadChange }),
  z.looseObject({ entry: z.literal('delivered'), seq: Sequence, home: z.optional(z.string()) }),
  z.looseObject({
    entry: z.literal('refused'),
    seq: Sequence,
    code: z.string(),
    message: z.string(),
    request_id: z.nullable(z.string()),
  }),
  z.looseObject({ entry: z.literal('hopeless') }),
]);

/** As far as any version's entries are alike. */
const AnyEntry = z.record(z.string(), z.unknown());

/** What a header says beside what this version knows. */
export function unknownFieldsOf(header: HeaderEntry): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(header).filter(([name]) => !Object.hasOwn(Header.shape, name)));
}

/**
 * One line, with its checksum. It begins with a line break of its own, so that whatever a full disk or a dead machine
 * left before it stays a line apart.
 */
export function encodeEntry(entry: Entry | ForeignEntry): string {
  const json = entry.entry === 'foreign' ? entry.json : JSON.stringify(entry);
  return `\n${checksum(json)} ${json}\n`;
}

export interface ReadEntries {
  readonly entries: readonly (Entry | ForeignEntry)[];
  /** How much of the file is none of it. */
  readonly lostBytes: number;
}

/** Never throws: what is damaged is left out, and what is whole is kept wherever it stands. */
export function decodeEntries(bytes: Uint8Array): ReadEntries {
  const entries: (Entry | ForeignEntry)[] = [];
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

function decodeLine(line: Uint8Array): Entry | ForeignEntry | undefined {
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
  const json = text.slice(CHECKSUM_LENGTH + 1);
  if (text.slice(0, CHECKSUM_LENGTH + 1) !== `${checksum(json)} `) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return ReadEntry.safeParse(value).data ?? foreignEntry(value, json);
  } catch {
    return undefined;
  }
}

/** Its checksum is right: somebody wrote it so. */
function foreignEntry(value: unknown, json: string): ForeignEntry | undefined {
  const { data } = AnyEntry.safeParse(value);
  if (!data) return undefined;
  const { entry, seq } = data;
  const kind = typeof entry === 'string' ? entry : undefined;
  return { entry: 'foreign', kind, seq: Sequence.safeParse(seq).data, json };
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(CHECKSUM_LENGTH, '0');
}
