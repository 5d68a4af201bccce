/**
 * How long a session may be silent before it counts as stalled. This is the configured stall threshold, except where
 * heartbeats could not arrive for a while: then it is longer. Replies name the configured threshold, never this.
 */
export interface SilenceLimit {
  readonly ms: number;
}

export const SILENCE_LIMIT = Symbol('SilenceLimit');
