import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { say } from './say.ts';

/** Where the editor keeps what it writes. Nothing of it touches the settings and extensions a person already has. */
export interface Profile {
  readonly user: string;
  readonly extensions: string;
  /** The folder that is open in the editor. */
  readonly playground: string;
}

/** Only set where nothing is: what a person changes in this profile stays. */
const FIRST_SETTINGS = {
  'chat.disableAIFeatures': true,
  // The folder that is open lies inside the clone of this repository.
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
};

export function makeProfile(dataDir: string, kind: 'browser' | 'desktop'): Profile {
  const folder = join(dataDir, `vscode-${kind}`);
  const profile = {
    user: join(folder, 'user'),
    extensions: join(folder, 'extensions'),
    playground: join(dataDir, 'playground'),
  };
  for (const made of Object.values(profile)) mkdirSync(made, { recursive: true });
  return profile;
}

/** Tells the extension where the API is; the key goes through the environment, and into no file. */
export function pointAt(apiUrl: string, settingsFile: string): void {
  const kept = readSettings(settingsFile);
  if (kept === undefined) {
    say(`${settingsFile} is not plain JSON and stays as it is. The API is at ${apiUrl}.`);
    return;
  }
  mkdirSync(dirname(settingsFile), { recursive: true });
  const settings = { ...FIRST_SETTINGS, ...kept, 'claudeProjects.apiBaseUrl': apiUrl };
  writeFileSync(settingsFile, `${JSON.stringify(settings, null, 2)}\n`);
}

function readSettings(file: string): object | undefined {
  try {
    const settings: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof settings === 'object' && settings !== null ? settings : undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? {} : undefined;
  }
}
