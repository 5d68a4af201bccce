import * as vscode from 'vscode';
import { type Disposable, Disposables } from '../platform/disposable.ts';
import { Emitter, type Event } from '../platform/emitter.ts';
import type { Localize } from '../platform/localize.ts';
import { type CheckedSettings, checkSettings, type RawSettings } from './check-settings.ts';
import { SECTION, type SettingName } from './setting-names.ts';
import type { SettingProblem, Settings } from './settings.ts';
import type { SettingsSource } from './settings-source.ts';

/** The editor's settings, checked whenever they change. */
export class VscodeSettings implements SettingsSource, Disposable {
  readonly #owned = new Disposables();
  readonly #changed: Emitter<Settings>;
  #checked: CheckedSettings;

  constructor(localize: Localize, onFault: (error: unknown) => void) {
    this.#changed = this.#owned.add(new Emitter(onFault));
    this.#checked = checkSettings(readRaw(), localize);
    this.#owned.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration(SECTION)) return;
        this.#checked = checkSettings(readRaw(), localize);
        this.#changed.fire(this.#checked.settings);
      }),
    );
  }

  get current(): Settings {
    return this.#checked.settings;
  }

  get problems(): readonly SettingProblem[] {
    return this.#checked.problems;
  }

  get onDidChange(): Event<Settings> {
    return this.#changed.event;
  }

  async update(name: SettingName, value: unknown): Promise<void> {
    const configuration = vscode.workspace.getConfiguration(SECTION);
    const inWorkspace = configuration.inspect(name)?.workspaceValue !== undefined;
    const { Workspace, Global } = vscode.ConfigurationTarget;
    await configuration.update(name, value, inWorkspace ? Workspace : Global);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

/** Named one by one, so that each setting can be found by its name. Values of an untrusted workspace don't get here. */
function readRaw(): RawSettings {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const read = (name: SettingName) => configuration.get<unknown>(name);
  return {
    'server.mode': read('server.mode'),
    apiBaseUrl: read('apiBaseUrl'),
    projectId: read('projectId'),
    machineId: read('machineId'),
    dockerSlot: read('dockerSlot'),
    heartbeatIntervalSeconds: read('heartbeatIntervalSeconds'),
    refreshIntervalSeconds: read('refreshIntervalSeconds'),
    'recovery.prompt': read('recovery.prompt'),
    groupBy: read('groupBy'),
    trace: read('trace'),
  };
}
