import { LIMITS } from './limits.ts';

/**
 * Slots that a client derives, so that agents side by side have a place each. They are no containers, and are never
 * shown to people. The range lies far above the slots that people give to containers.
 */
export const DERIVED_SLOTS = { first: 60_000, last: LIMITS.dockerSlot } as const;

const COUNT = DERIVED_SLOTS.last - DERIVED_SLOTS.first + 1;

export function isDerivedSlot(slot: number | null | undefined): slot is number {
  return slot !== null && slot !== undefined && slot >= DERIVED_SLOTS.first && slot <= DERIVED_SLOTS.last;
}

/** The same slot for the same hash, which is a whole number from 0. */
export function derivedSlot(hash: number): number {
  return DERIVED_SLOTS.first + (hash % COUNT);
}

/** The slot to try next where a derived slot is taken. */
export function nextDerivedSlot(slot: number): number {
  return derivedSlot(slot - DERIVED_SLOTS.first + 1);
}

/** The slot to show to people: null where there is none, or where it was derived. */
export function shownSlot(slot: number | null): number | null {
  return isDerivedSlot(slot) ? null : slot;
}
