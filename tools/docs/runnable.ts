import type { Tokens } from 'marked';
import { type Document, isCode } from './documents.ts';

/** A block that a reader can paste into a shell, and what it shows there, if the document says so. */
export interface Runnable {
  readonly command: string;
  readonly block: string;
  readonly reply: Tokens.Code | undefined;
}

/**
 * Blocks marked ```` ```bash run ````. A block marked `reply` that comes next is what the command prints.
 * A reply of nobody is a mistake: it looks checked and is not.
 */
export function runnablesOf(document: Document): Runnable[] {
  const blocks = document.parts.filter(isCode);
  return blocks.flatMap((block, index) => {
    if (!isRunnable(block)) return [];
    const next = blocks[index + 1];
    return [{ command: block.text, block: block.raw, reply: next && isReply(next) ? next : undefined }];
  });
}

export function strayReplies(document: Document): Tokens.Code[] {
  const blocks = document.parts.filter(isCode);
  return blocks.filter((block, index) => {
    const before = blocks[index - 1];
    return isReply(block) && !(before && isRunnable(before));
  });
}

function isRunnable({ lang }: Tokens.Code): boolean {
  return lang === 'bash run';
}

function isReply({ lang }: Tokens.Code): boolean {
  return lang !== undefined && lang.endsWith(' reply');
}
