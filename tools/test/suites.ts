export interface Suite {
  readonly name: string;
  /** The package whose tests they are, as a folder of the workspace. */
  readonly folder: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export type SuiteGroup = keyof typeof SUITES;

/** Which suites a group runs, in order. `unit` is what `pnpm test` promises to a newcomer. */
export const SUITES = {
  unit: [
    { name: 'shared', folder: 'shared', command: ['mocha'] },
    { name: 'api', folder: 'api', command: ['mocha'] },
    { name: 'extension', folder: 'extension', command: ['mocha'] },
    { name: 'workspace', folder: 'tools', command: ['mocha'] },
  ],
  mongo: [
    {
      name: 'api on MongoDB',
      folder: 'api',
      command: ['mocha', '--config', '.mocharc.mongo.json'],
      env: { TEST_STORAGE: 'mongodb' },
    },
  ],
  e2e: [
    { name: 'workspace', folder: 'tools', command: ['mocha', '--config', '.mocharc.e2e.json'] },
    { name: 'built server', folder: 'api', command: ['mocha', '--config', '.mocharc.e2e.json'] },
  ],
} as const satisfies Record<string, readonly Suite[]>;

export function isSuiteGroup(name: string | undefined): name is SuiteGroup {
  return name !== undefined && Object.hasOwn(SUITES, name);
}
