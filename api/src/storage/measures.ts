/** `since` belongs to it, `until` does not: periods that follow each other share nothing. */
export interface Period {
  since: Date;
  until: Date;
}

/** By nearest rank, so that each is a value that occurred; null where there was none. */
export interface Spread {
  p50: number | null;
  p95: number | null;
}

/** What the success measures are made of, counted in the engine. */
export interface Measures {
  stalls: {
    /** Stalls that were found in the period. */
    detected: number;
    /** Those of them that a heartbeat ended, whenever it came. */
    returned: number;
    /** From the last heartbeat to the finding. */
    timeToDetectMs: Spread;
  };
  /** Of the hours that overlap the period. */
  heartbeats: { received: number; refused: number };
  sessions: {
    /** Created in the period. */
    started: number;
    /** Completed in the period, other than by being recovered. */
    completed: number;
    /** Failed in the period and not recovered. */
    failed: number;
    /** Died in the period and recovered since. */
    recovered: number;
    /** Stalled in the period and so to this moment. */
    stalled: number;
    /** Of the completed ones, from start to end; an end that is dated before its start took no time. */
    durationMs: Spread;
  };
  tasks: { created: number; completed: number; failed: number };
  /** The reasons that sessions gave for failing in the period, recovered or not; the commonest first, then by text. */
  failureReasons: { reason: string | null; count: number }[];
}

/** Where the value of that share of the sorted values stands. */
export function rankOf(share: number, count: number): number {
  return Math.max(0, Math.ceil(share * count) - 1);
}
