import { JournalsOnDisk, type JournalsOnDiskParts } from './journals-on-disk.ts';

/** The journals of this user's editors, under a folder that all their windows share. */
export function createJournals(parts: Omit<JournalsOnDiskParts, 'files' | 'self' | 'times'>): JournalsOnDisk {
  return new JournalsOnDisk(parts);
}
