import type { Event } from '../platform/emitter.ts';
import type { SettingName } from './setting-names.ts';
import type { SettingProblem, Settings } from './settings.ts';

/** The settings as they are now. */
export interface SettingsSource {
  readonly current: Settings;
  readonly problems: readonly SettingProblem[];
  readonly onDidChange: Event<Settings>;
  /** Writes a setting where it is set already, else for this user. */
  update(name: SettingName, value: unknown): Promise<void>;
}
