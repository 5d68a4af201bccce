export type ServerMode = 'auto' | 'local' | 'remote';
export type RecoveryPrompting = 'always' | 'attention' | 'never';
export type Grouping = 'health' | 'project' | 'machine';

/** The extension's settings after they were checked. */
export interface Settings {
  readonly serverMode: ServerMode;
  /** Undefined if what is set is wrong: the key must never travel to a place nobody chose. */
  readonly apiBaseUrl: string | undefined;
  /** Undefined: worked out from the workspace. */
  readonly projectId: string | undefined;
  /** Undefined: worked out from the machine. */
  readonly machineId: string | undefined;
  readonly dockerSlot: number | undefined;
  readonly heartbeatIntervalSeconds: number;
  readonly refreshIntervalSeconds: number;
  readonly recoveryPrompting: RecoveryPrompting;
  readonly groupBy: Grouping;
  readonly trace: boolean;
}

export interface SettingProblem {
  /** As in `claudeProjects.apiBaseUrl`. */
  readonly setting: string;
  /** Never repeats the value: an address may hold a password. */
  readonly message: string;
  /** What is set. To tell one mistake from the next, never to be shown or logged. */
  readonly value: unknown;
}
