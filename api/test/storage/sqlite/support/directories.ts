import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'claude-projects-sqlite-'));
  made.push(directory);
  return directory;
}

export function databaseIn(dataDir: string): string {
  return join(dataDir, 'claude-projects.db');
}

after(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});
