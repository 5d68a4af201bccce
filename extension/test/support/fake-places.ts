import type { FolderPlace, WorkspacePlaces } from '../../src/workspace/workspace-place.ts';

export interface FakePlaces extends Pick<WorkspacePlaces, 'current' | 'at'> {
  machineId: string;
  place: FolderPlace;
  /** Places outside this window's main checkout, by path. */
  readonly others: Map<string, FolderPlace>;
}

/** The workspace "here" of acme/shop. */
export function fakePlaces(machineId = 'laptop', dockerSlot?: number): FakePlaces {
  const places: FakePlaces = {
    machineId,
    place: { projectId: 'acme/shop', dockerSlot, metadata: {} },
    others: new Map(),
    current: async () => ({
      workspaceId: 'here',
      projectId: places.place.projectId,
      machineId: places.machineId,
      hostname: `${places.machineId}.local`,
    }),
    at: async (path) => (path !== undefined && places.others.get(path)) || places.place,
  };
  return places;
}
