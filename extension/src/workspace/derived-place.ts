import { createHash } from 'node:crypto';
import { derivedSlot, isDerivedSlot, nextDerivedSlot } from '@claude-projects/shared/contract';

/** The slot that is derived from a folder's path. */
export function slotOfFolder(realPath: string): number {
  return slotOf(comparable(realPath));
}

/** The slot to try next where one is taken: for an agent beside another one, or where two paths have the same slot. */
export function nextSlot(taken: number | undefined, sessionId: string): number {
  return isDerivedSlot(taken) ? nextDerivedSlot(taken) : slotOf(sessionId);
}

/** An id of a checkout that does not reveal its path. */
export function checkoutId(realPath: string): string {
  return digest(comparable(realPath)).toString('hex', 0, 8);
}

/** Windows signs in to that machine when such a path is looked at. */
export function isOfAnotherMachine(path: string): boolean {
  return /^[\\/]{2}/.test(path);
}

/** Windows ignores the case of paths. */
export function comparable(path: string): string {
  return process.platform === 'win32' ? path.replaceAll('/', '\\').toLowerCase() : path;
}

function slotOf(text: string): number {
  return derivedSlot(digest(text).readUInt32BE());
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
