import type { Localize } from '../platform/localize.ts';
import type { CommandDeps } from './command-deps.ts';
import type { TextQuestion } from './ui.ts';

/** Text that the contract takes: not blank, and not longer than that. */
export async function askText(
  { ui, localize }: Pick<CommandDeps, 'ui' | 'localize'>,
  question: Pick<TextQuestion, 'title' | 'prompt'>,
  longest: number,
): Promise<string> {
  const answer = await ui.ask({
    ...question,
    problem: (text) => problemOf(text, longest, localize),
  });
  return answer.trim();
}

/** Why the contract would not take it. */
export function problemOf(text: string, longest: number, localize: Localize): string | undefined {
  return blank(text, localize) ?? tooLong(text, longest, localize);
}

/** Text as in `askText` that may be left empty. */
export async function askOptionalText(
  { ui, localize }: Pick<CommandDeps, 'ui' | 'localize'>,
  question: Pick<TextQuestion, 'title' | 'prompt'>,
  longest: number,
): Promise<string | undefined> {
  const answer = await ui.ask({ ...question, problem: (text) => tooLong(text, longest, localize) });
  return answer.trim() || undefined;
}

function blank(text: string, localize: Localize): string | undefined {
  return text.trim() === '' ? localize('Enter something.') : undefined;
}

function tooLong(text: string, longest: number, localize: Localize): string | undefined {
  return text.trim().length > longest ? localize('At most {0} characters.', longest) : undefined;
}
