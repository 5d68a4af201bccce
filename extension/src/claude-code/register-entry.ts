/** What Claude Code's own register says of a process that lives. */
export interface RegisterEntry {
  readonly pid: number;
  readonly session: string;
  readonly is: 'busy' | 'idle' | 'waiting';
  readonly waitingFor: string | undefined;
  /** Since when. */
  readonly at: number;
}
