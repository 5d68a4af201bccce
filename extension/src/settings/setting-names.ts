export const SECTION = 'claudeProjects';

/** Every setting, without the section. The manifest declares the same ones; a test keeps the two equal. */
export const SETTING_NAMES = [
  'server.mode',
  'apiBaseUrl',
  'projectId',
  'machineId',
  'dockerSlot',
  'heartbeatIntervalSeconds',
  'refreshIntervalSeconds',
  'recovery.prompt',
  'groupBy',
  'trace',
] as const;

export type SettingName = (typeof SETTING_NAMES)[number];
