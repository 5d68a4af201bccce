/** Why a session of Claude Code is believed to be as it is shown. */
export interface Proof {
  /** Where the news came from. */
  readonly signal: 'hook' | 'register' | 'process';
  /** The hook event, the state in the register, or what became of the process. */
  readonly name: string;
  /** When that was seen, in milliseconds since the epoch. */
  readonly at: number;
}

/** What is known of a session of Claude Code on this machine alone. None of it is sent anywhere. */
export interface ClaudeKnown {
  readonly conversation: string;
  readonly cwd: string;
  readonly process: { readonly pid?: number | undefined; readonly host: string } | undefined;
  readonly proof: Proof | undefined;
  /** The tool that runs, with its input in short. */
  readonly currentTool: string | undefined;
  readonly lastMessage: string | undefined;
  readonly model: string | undefined;
  /** How much of the model's memory its last answer took. */
  readonly contextTokens: number | undefined;
  /** Another living process works on the same conversation. */
  readonly isDouble: boolean;
}
