// Runs the real Claude Code with a home folder of the test. It has no account, and reaches only the model of the test.
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { installedPackages } from '../../workbench/install/package-cache.ts';

const FAKE_KEY = `fake-key-${'0'.repeat(40)}`;

/** Those that are tried: the newest, and one from five months before it. */
export const VERSIONS = ['2.1.332', '2.1.197'] as const;
export type Version = (typeof VERSIONS)[number];

const PACKAGES = { '2.1.332': 'claude-code', '2.1.197': 'earlier-claude-code' } as const;

export interface ClaudeCode {
  readonly version: Version;
  /** Its program. */
  readonly file: string;
}

/** It is installed on the first call. */
export function claudeCode(version: Version = '2.1.332'): ClaudeCode {
  const { platform, arch } = process;
  const packages = join(installedPackages(PACKAGES[version]), 'node_modules/@anthropic-ai');
  const program = platform === 'win32' ? 'claude.exe' : 'claude';
  return { version, file: join(packages, `claude-code-${platform}-${arch}`, program) };
}

/** A home folder as after the first use: no introduction, and these folders are trusted. */
export function makeClaudeHome(claude: ClaudeCode, home: string, trusted: readonly string[]): void {
  mkdirSync(home, { recursive: true });
  const configuration = {
    hasCompletedOnboarding: true,
    lastOnboardingVersion: '9.9.9',
    theme: 'dark',
    customApiKeyResponses: { approved: [FAKE_KEY.slice(-20)], rejected: [] },
    projects: Object.fromEntries(
      trusted.map((folder) => [folder, { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true }]),
    ),
  };
  writeFileSync(join(home, '.claude.json'), JSON.stringify(configuration, undefined, 2));
  // As an installer does it: a new shell sets its own PATH.
  writeFileSync(join(home, '.bashrc'), `export PATH="${dirname(claude.file)}:$PATH"\n`);
}

/** The environment for the editor or the terminal that starts `claude`. */
export function claudeEnvironment(
  claude: ClaudeCode,
  home: string,
  modelUrl: string,
): Readonly<Record<string, string>> {
  return {
    HOME: home,
    PATH: `${dirname(claude.file)}${delimiter}${process.env['PATH']}`,
    ANTHROPIC_BASE_URL: modelUrl,
    ANTHROPIC_API_KEY: FAKE_KEY,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_ERROR_REPORTING: '1',
    DISABLE_TELEMETRY: '1',
    // As root it refuses to skip questions, except in a sandbox.
    IS_SANDBOX: '1',
    NO_PROXY: '127.0.0.1,localhost',
  };
}
