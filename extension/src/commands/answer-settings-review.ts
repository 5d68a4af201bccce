import type { CommandDeps } from './command-deps.ts';

/** Makes the change of settings that is shown. */
export async function confirmSettingsChange({ review }: CommandDeps): Promise<void> {
  review.answer(true);
}

export async function cancelSettingsChange({ review }: CommandDeps): Promise<void> {
  review.answer(false);
}
