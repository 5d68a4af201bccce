import { UsageError } from './usage-error.ts';

export const STAGES = ['dev', 'staging', 'production'] as const;
export type Stage = (typeof STAGES)[number];

/** The script that deploys each. */
export const SCRIPTS: Readonly<Record<Stage, string>> = {
  dev: 'deploy:dev',
  staging: 'deploy:staging',
  production: 'deploy:prod',
};

export function asStage(name: string | undefined): Stage {
  const stage = STAGES.find((stage) => stage === name);
  if (stage) return stage;
  throw new UsageError(`Which stage? One of: ${STAGES.join(', ')}`);
}
