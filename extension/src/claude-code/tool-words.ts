import { isAbsolute, relative } from 'node:path';
import { withoutSecrets } from '../platform/without-secrets.ts';
import type { HookRecord } from './hook-record.ts';

type Asked = Pick<HookRecord, 'tool_name' | 'tool_input' | 'cwd'>;

const MOST_INPUT = 160;
const MOST_QUESTION = 500;

/** What says most of a tool's input. What else is in it may be the content of a file, or a prompt. */
const TELLING = ['command', 'file_path', 'notebook_path', 'path', 'url', 'query', 'pattern', 'description'];

/** As in `Bash: npm test`. */
export function toolInShort({ tool_name = 'A tool', tool_input = {}, cwd }: Asked): string {
  const told = TELLING.map((name) => tool_input[name]).find(
    (value) => typeof value === 'string' && value.trim() !== '',
  );
  const name = toolName(tool_name);
  return typeof told === 'string' ? `${name}: ${inShort(nearby(told, cwd), MOST_INPUT)}` : name;
}

/** As in `Bash`, and `github create_issue` of another server. */
export function toolName(tool_name: string): string {
  return tool_name.replace(/^mcp__(.+?)__/, '$1 ');
}

/** What a person is asked when the tool may not just run. */
export function questionIn(asked: Asked): string {
  switch (asked.tool_name ?? '') {
    case 'AskUserQuestion':
      return questionsIn(asked.tool_input?.['questions']) ?? 'It asks a question.';
    case 'ExitPlanMode':
      return 'May it carry out its plan?';
    default:
      return toolInShort(asked);
  }
}

function questionsIn(questions: unknown): string | undefined {
  if (!Array.isArray(questions)) return undefined;
  const texts = questions.flatMap((each: unknown) => {
    const text: unknown = typeof each === 'object' && each !== null ? Reflect.get(each, 'question') : undefined;
    return typeof text === 'string' && text.trim() !== '' ? [text.trim()] : [];
  });
  return texts.length === 0 ? undefined : questionInShort(texts.join(' '));
}

export function questionInShort(text: string): string {
  return inShort(text, MOST_QUESTION);
}

/** A path in the folder of the session is told from there. */
function nearby(text: string, cwd: string): string {
  if (!isAbsolute(text) || cwd === '') return text;
  const path = relative(cwd, text);
  return path !== '' && !path.startsWith('..') && !isAbsolute(path) ? path : text;
}

export function inShort(text: string, most: number): string {
  const line = withoutSecrets(text.replaceAll(/\s+/g, ' ').trim());
  return line.length <= most ? line : `${line.slice(0, most - 1).toWellFormed()}…`;
}
