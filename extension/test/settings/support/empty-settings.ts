import type { RawSettings } from '../../../src/settings/check-settings.ts';

/** Nothing is set. */
export const emptySettings: RawSettings = {
  'server.mode': undefined,
  apiBaseUrl: undefined,
  projectId: undefined,
  machineId: undefined,
  dockerSlot: undefined,
  heartbeatIntervalSeconds: undefined,
  refreshIntervalSeconds: undefined,
  'recovery.prompt': undefined,
  groupBy: undefined,
  trace: undefined,
};
