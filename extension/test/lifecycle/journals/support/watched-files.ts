import type { Files } from '../../../../src/lifecycle/outbox/files.ts';
import { settle } from '../../../support/fake-clock.ts';
import { eventually } from './eventually.ts';

/** A disk that says when nobody uses it. */
export function watchedFiles(files: Files) {
  let inUse = 0;
  const watched =
    <A extends unknown[], R>(operation: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      inUse += 1;
      try {
        return await operation(...args);
      } finally {
        inUse -= 1;
      }
    };
  const all: Files = {
    makeFolder: watched(files.makeFolder),
    list: watched(files.list),
    read: watched(files.read),
    create: watched(files.create),
    append: watched(files.append),
    sync: watched(files.sync),
    rename: watched(files.rename),
    remove: watched(files.remove),
    modifiedAt: watched(files.modifiedAt),
    createdAt: watched(files.createdAt),
    touch: watched(files.touch),
  };
  const quiet = async () => {
    // One operation leads to the next within a turn.
    let turns = 0;
    await eventually(
      () => turns > 5,
      () => 'the disk is quiet',
      async () => {
        await settle();
        turns = inUse === 0 ? turns + 1 : 0;
      },
    );
  };
  return { files: all, quiet };
}
