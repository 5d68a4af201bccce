import type { Notifier, RunCommand } from '../notifications/notifier.ts';
import type { Disposable } from '../platform/disposable.ts';
import type { Localize } from '../platform/localize.ts';
import type { Log } from '../platform/log.ts';
import type { SettingProblem } from './settings.ts';
import type { SettingsSource } from './settings-source.ts';

export interface ProblemNoticesParts {
  readonly settings: Pick<SettingsSource, 'problems' | 'onDidChange'>;
  readonly notifier: Notifier;
  readonly run: RunCommand;
  readonly localize: Localize;
  readonly log: Log;
}

/** Says once of each wrong value what is wrong with it. The same value is told of again once it was right meanwhile. */
export class ProblemNotices implements Disposable {
  readonly #parts: ProblemNoticesParts;
  readonly #listening: Disposable;
  #told = new Map<string, unknown>();

  constructor(parts: ProblemNoticesParts) {
    this.#parts = parts;
    this.#listening = parts.settings.onDidChange(() => this.#tell());
    this.#tell();
  }

  dispose(): void {
    this.#listening.dispose();
  }

  #tell(): void {
    const told = this.#told;
    this.#told = new Map(this.#parts.settings.problems.map(({ setting, value }) => [setting, sameAs(value)]));
    for (const problem of this.#parts.settings.problems) {
      if (told.get(problem.setting) !== this.#told.get(problem.setting)) this.#notify(problem);
    }
  }

  #notify({ setting, message }: SettingProblem): void {
    const { notifier, run, localize, log } = this.#parts;
    log.warn(`The setting ${setting} ${message}.`);
    notifier.notify({
      severity: 'warning',
      message: localize('The setting {0} {1}.', setting, message),
      actions: [{ label: localize('Open Setting'), run: () => run('workbench.action.openSettings', `@id:${setting}`) }],
    });
  }
}

/** Values come from JSON: objects are other ones at each reading. */
function sameAs(value: unknown): string {
  return JSON.stringify(value) ?? '';
}
