export interface Suite {
  readonly name: string;
  /** The package whose tests they are, as a folder of the workspace. */
  readonly folder: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export type SuiteGroup = keyof typeof SUITES;

/** A program of the extension's tests, run as TypeScript. */
const runner = (file: string): readonly string[] => [
  'node',
  '--import',
  '../tools/typescript-loader.ts',
  `test/vscode/${file}`,
];

/** In a real editor that comes from npm: see extension/test/workbench. */
const inVsCode = { name: 'extension in VS Code', folder: 'extension', command: runner('run-in-code-server.ts') };
const userInterface = {
  name: 'extension in the workbench',
  folder: 'extension',
  command: ['mocha', '--config', 'test/ui/.mocharc.json'],
};

/** Which suites a group runs, in order. `unit` is what `pnpm test` promises to a newcomer. */
export const SUITES = {
  unit: [
    { name: 'shared', folder: 'shared', command: ['mocha'] },
    { name: 'api', folder: 'api', command: ['mocha'] },
    { name: 'extension', folder: 'extension', command: ['mocha'] },
    { name: 'workspace', folder: 'tools', command: ['mocha'] },
    inVsCode,
    userInterface,
  ],
  vscode: [inVsCode],
  ui: [userInterface],
  /** Of what `pnpm package` made. */
  package: [
    {
      name: 'packaged extension',
      folder: 'extension',
      command: ['mocha', '--config', 'test/package/.mocharc.json'],
    },
  ],
  /** With the real Claude Code, whose model the tests play, in the editor with what `pnpm package` made. */
  claude: [
    {
      name: 'real Claude Code',
      folder: 'extension',
      command: ['mocha', '--config', 'test/claude/.mocharc.json'],
    },
  ],
  electron: [
    { name: 'extension in VS Code for the desktop', folder: 'extension', command: runner('run-in-electron.ts') },
  ],
  mongo: [
    {
      name: 'api on MongoDB',
      folder: 'api',
      command: ['mocha', '--config', '.mocharc.mongo.json'],
      env: { TEST_STORAGE: 'mongodb' },
    },
  ],
  /** What would be created in AWS, without AWS. */
  infra: [{ name: 'infrastructure', folder: 'tools', command: ['mocha', '--config', '.mocharc.infra.json'] }],
  e2e: [
    { name: 'workspace', folder: 'tools', command: ['mocha', '--config', '.mocharc.e2e.json'] },
    { name: 'built server', folder: 'api', command: ['mocha', '--config', '.mocharc.e2e.json'] },
  ],
} as const satisfies Record<string, readonly Suite[]>;

export function isSuiteGroup(name: string | undefined): name is SuiteGroup {
  return name !== undefined && Object.hasOwn(SUITES, name);
}
