import { Environment } from '../../api/src/config/environment.ts';
import { ERROR_CODES, ERRORS } from '../../shared/src/contract/index.ts';
import { PURPOSES } from './command-purposes.ts';
import { endpoint, endpoints } from './endpoint.ts';
import { MEANINGS } from './environment-meanings.ts';
import { ADVICE } from './error-advice.ts';
import { type Sources, table } from './generated.ts';
import { manifestOf } from './manifest.ts';
import { situations } from './situations.ts';

/** Everything that documents can have written for them. */
export function sourcesOf(workspace: string): Sources {
  const manifest = manifestOf(workspace);
  return {
    environment,
    errors,
    endpoints,
    endpoint,
    'claude-code': () => situations(workspace),
    settings: () =>
      table(
        ['setting', 'default', 'what it decides'],
        manifest.settings.map(([id, { default: value, minimum, maximum, ...setting }]) => [
          code(id),
          value !== '' && isScalar(value) ? code(String(value)) : '',
          [
            setting.markdownDescription.replaceAll(/`#(.+?)#`/g, '`$1`'),
            ...(setting.enum ? [`One of ${setting.enum.map(code).join(', ')}.`] : []),
            ...(minimum === undefined ? [] : [`From ${minimum} to ${String(maximum)}.`]),
          ].join(' '),
        ]),
      ),
    commands: () =>
      table(
        ['command', 'id', 'what it does'],
        manifest.commands.map(({ command, title }) => [`**${title}**`, code(command), purposeOf(command)]),
      ),
  };
}

function environment(): string {
  const defaults: Readonly<Record<string, unknown>> = Environment.parse({});
  return table(
    ['variable', 'default', 'what it decides'],
    Object.entries(MEANINGS).map(([name, meaning]) => {
      const value = defaults[name];
      return [code(name), isScalar(value) ? code(String(value)) : '', meaning];
    }),
  );
}

function errors(): string {
  return table(
    ['code', 'status', 'when it comes', 'what to do'],
    ERROR_CODES.map((name) => [code(name), String(ERRORS[name].status), ERRORS[name].meaning, ADVICE[name]]),
  );
}

function purposeOf(command: string): string {
  const purpose = PURPOSES[command.replace('claudeProjects.', '')];
  if (purpose === undefined) throw new Error(`tools/docs/command-purposes.ts does not say what ${command} does.`);
  return purpose;
}

function code(text: string): string {
  return `\`${text}\``;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
