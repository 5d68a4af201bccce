import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EvaluationWorkspace } from './evaluation-workspace.ts';

export type Bag = Readonly<Record<string, unknown>>;

export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Bag;
  /** Whether it stays in AWS when the stage is removed. */
  readonly retained: boolean;
}

/** What a configuration would create. */
export interface Evaluation {
  readonly app: Bag;
  readonly outputs: Bag;
  readonly builds: readonly Bag[];
  readonly resources: readonly Resource[];
}

export class EvaluationError extends Error {}

export type Secrets = Readonly<Record<string, string>>;

const PROGRAM = join(import.meta.dirname, 'evaluation-program.ts');
const run = promisify(execFile);

/** Rejects with an EvaluationError where the configuration refuses. */
export async function evaluate(
  workspace: EvaluationWorkspace,
  file: string,
  stage: string,
  secrets: Secrets,
): Promise<Evaluation> {
  const result = join(file, '..', `result-${stage}-${Object.keys(secrets).length}.json`);
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(secrets)) given[`SST_SECRET_${name}`] = value;
  try {
    await run(process.execPath, ['--no-warnings', PROGRAM, file, stage, result, workspace.components], {
      cwd: workspace.folder,
      timeout: 180_000,
      env: { ...withoutSst(process.env), ...given },
    });
  } catch (error) {
    // Pulumi ends a program with a code of its own where it was left early, as by a refusal that was written down.
    if (!existsSync(result)) throw error;
  }
  const parsed: unknown = JSON.parse(readFileSync(result, 'utf8'));
  if (isBag(parsed) && typeof parsed['error'] === 'string') throw new EvaluationError(parsed['error']);
  if (!isEvaluation(parsed)) throw new TypeError(`${result} is no evaluation`);
  return parsed;
}

/** Whoever runs the tests may have a stage, an account and secrets of their own. */
function withoutSst(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !/^(SST|AWS|PULUMI)_/.test(name)));
}

export function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEvaluation(value: unknown): value is Evaluation {
  return (
    isBag(value) &&
    isBag(value['app']) &&
    isBag(value['outputs']) &&
    Array.isArray(value['builds']) &&
    Array.isArray(value['resources']) &&
    value['resources'].every(isResource)
  );
}

function isResource(value: unknown): value is Resource {
  return (
    isBag(value) && typeof value['type'] === 'string' && typeof value['name'] === 'string' && isBag(value['inputs'])
  );
}
