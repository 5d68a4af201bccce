import { DERIVED_SLOTS, MachineId, ProjectId } from '@claude-projects/shared/contract';
import * as z from 'zod/mini';
import type { Localize } from '../platform/localize.ts';
import { checkBaseUrl } from './base-url.ts';
import { SECTION, type SettingName } from './setting-names.ts';
import type { SettingProblem, Settings } from './settings.ts';

/** What is written in the settings, whatever it is; undefined where nothing is. */
export type RawSettings = Readonly<Record<SettingName, unknown>>;

export interface CheckedSettings {
  readonly settings: Settings;
  readonly problems: readonly SettingProblem[];
}

export const DEFAULT_API_BASE_URL = 'https://claude-projects.truapi.com';
export const HEARTBEAT_SECONDS = { least: 10, most: 300, usual: 60 } as const;
export const REFRESH_SECONDS = { least: 5, most: 3600, usual: 15 } as const;
/** What is above belongs to derived slots, which are never shown. */
const GivenSlot = z.int().check(z.minimum(0), z.maximum(DERIVED_SLOTS.first - 1));

const SERVER_MODES = ['auto', 'local', 'remote'] as const;
const PROMPTINGS = ['always', 'attention', 'never'] as const;
export const GROUPINGS = ['health', 'project', 'machine'] as const;

/**
 * What makes sense is taken, what does not is named and its default holds; save for the address, which has no
 * default once somebody has set one.
 */
export function checkSettings(raw: RawSettings, localize: Localize): CheckedSettings {
  const problems: SettingProblem[] = [];
  const refuse = (name: SettingName, message: string) => {
    problems.push({ setting: `${SECTION}.${name}`, message, value: raw[name] });
  };

  /** Both null and an empty text are how people unset a setting. */
  const read = <T, F>(name: SettingName, schema: z.ZodMiniType<T>, fallback: F, message: string): T | F => {
    const value = raw[name];
    if (value === undefined || value === null || value === '') return fallback;
    const parsed = z.safeParse(schema, value);
    if (parsed.success) return parsed.data;
    refuse(name, message);
    return fallback;
  };
  const oneOf = <T extends string>(name: SettingName, known: readonly T[], fallback: T): T => {
    const value = raw[name];
    if (value === undefined || value === null) return fallback;
    const found = known.find((each) => each === value);
    if (found === undefined) refuse(name, localize('must be one of: {0}', known.join(', ')));
    return found ?? fallback;
  };
  const seconds = (name: SettingName, range: { least: number; most: number; usual: number }): number => {
    const schema = z.number().check(z.minimum(range.least), z.maximum(range.most));
    return read(name, schema, range.usual, localize('must be a number from {0} to {1}', range.least, range.most));
  };
  const id = (name: SettingName, schema: z.ZodMiniType<string>): string | undefined =>
    read(name, schema, undefined, localize('must be a text of at most 200 characters that is not blank'));

  const settings: Settings = {
    serverMode: oneOf('server.mode', SERVER_MODES, 'auto'),
    apiBaseUrl: readBaseUrl(raw.apiBaseUrl, localize, (message) => refuse('apiBaseUrl', message)),
    projectId: id('projectId', ProjectId),
    machineId: id('machineId', MachineId),
    dockerSlot: read('dockerSlot', GivenSlot, undefined, localize('must be a whole number from 0 to 59999')),
    heartbeatIntervalSeconds: seconds('heartbeatIntervalSeconds', HEARTBEAT_SECONDS),
    refreshIntervalSeconds: seconds('refreshIntervalSeconds', REFRESH_SECONDS),
    recoveryPrompting: oneOf('recovery.prompt', PROMPTINGS, 'always'),
    groupBy: oneOf('groupBy', GROUPINGS, 'health'),
    trace: read('trace', z.boolean(), false, localize('must be true or false')),
  };
  return { settings, problems };
}

function readBaseUrl(value: unknown, localize: Localize, refuse: (message: string) => void): string | undefined {
  if (value === undefined || value === null) return DEFAULT_API_BASE_URL;
  const checked = checkBaseUrl(typeof value === 'string' ? value : '', localize);
  if (checked.ok) return checked.baseUrl;
  refuse(checked.message);
  return undefined;
}
