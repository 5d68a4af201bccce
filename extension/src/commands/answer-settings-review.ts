import type { CommandDeps } from './command-deps.ts';

/** Accepts the change of settings on the screen. */
export async function confirmSettingsChange({ review }: CommandDeps): Promise<void> {
  review.answer(true);
}

export async function cancelSettingsChange({ review }: CommandDeps): Promise<void> {
  review.answer(false);
}
