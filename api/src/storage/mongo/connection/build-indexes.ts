import { isDeepStrictEqual } from 'node:util';
import type { Model } from 'mongoose';
import { StorageStartError } from '../../storage-errors.ts';
import { adviceFor, serverCode } from '../engine/mongo-errors.ts';
import { type DeclaredIndex, INDEXES } from '../schema/declared-indexes.ts';
import type { Models } from '../schema/models.ts';

/**
 * Builds what is missing and leaves what is there. Throws StorageStartError where that cannot be done: without
 * its unique indexes the storage would break the promises it makes, and without the others it would be slow.
 */
export async function buildIndexes(models: Models, hosts: string): Promise<void> {
  await buildFor(models.sessions, INDEXES.sessions, hosts);
  await buildFor(models.sessionCounts, INDEXES.sessionCounts, hosts);
  await buildFor(models.tasks, INDEXES.tasks, hosts);
  await buildFor(models.machines, INDEXES.machines, hosts);
  await buildFor(models.leases, INDEXES.leases, hosts);
  await buildFor(models.jobRuns, INDEXES.jobRuns, hosts);
  await buildFor(models.expectedJobs, INDEXES.expectedJobs, hosts);
  await buildFor(models.counters, INDEXES.counters, hosts);
  await buildFor(models.stalls, INDEXES.stalls, hosts);
  await buildFor(models.heartbeatCounts, INDEXES.heartbeatCounts, hosts);
  await buildFor(models.consistencyChecks, INDEXES.consistencyChecks, hosts);
}

async function buildFor<Record_>(
  { collection }: Model<Record_>,
  declared: readonly DeclaredIndex[],
  hosts: string,
): Promise<void> {
  let others: DeclaredIndex[];
  try {
    // Looked at before anything is built: at all starts but the first there is nothing to build.
    if (differing(declared, await existingIndexes(collection)).length === 0) return;
    await collection.createIndexes(declared.map(({ key, ...options }) => ({ key: { ...key }, ...options })));
    // A server may answer "is there already" for an index that goes by the same name and is another.
    others = differing(declared, await existingIndexes(collection));
  } catch (error) {
    throw cannotBuild(collection.name, hosts, error);
  }
  const [other] = others;
  if (other) throw differs(collection.name, other.name);
}

type Collection = Model<unknown>['collection'];
type ExistingIndex = Awaited<ReturnType<Collection['indexes']>>[number];

async function existingIndexes(collection: Collection): Promise<ExistingIndex[]> {
  try {
    return await collection.indexes();
  } catch (error) {
    if (serverCode(error) === NO_SUCH_COLLECTION) return [];
    throw error;
  }
}

function differing(declared: readonly DeclaredIndex[], existing: readonly ExistingIndex[]): DeclaredIndex[] {
  return declared.filter((index) => {
    const found = existing.find(({ name }) => name === index.name);
    return !found || !isDeepStrictEqual(optionsOf(found), optionsOf(index));
  });
}

/** What makes an index what it is; servers add more to their answer. */
function optionsOf(index: object): unknown {
  const { key, unique, expireAfterSeconds, partialFilterExpression }: Partial<DeclaredIndex> = index;
  return {
    // As a list, because the order of the keys counts.
    key: Object.entries(key ?? {}),
    unique: unique ?? false,
    expireAfterSeconds: expireAfterSeconds ?? null,
    partialFilterExpression: partialFilterExpression ?? null,
  };
}

const SAME_NAME_OR_KEY = new Set([85, 86]);
const DUPLICATES = 11_000;
const NO_SUCH_COLLECTION = 26;

function cannotBuild(collection: string, hosts: string, error: unknown): StorageStartError {
  const code = serverCode(error);
  if (code !== undefined && SAME_NAME_OR_KEY.has(code)) return differs(collection, undefined, error);
  const advice =
    code === DUPLICATES
      ? `holds documents in "${collection}" that break a unique index: remove the duplicates, then start again.`
      : (adviceFor(error) ?? `refused an index of "${collection}": version 6.0 or newer is needed.`);
  return new StorageStartError(`MongoDB at ${hosts} ${advice}`, { cause: error });
}

function differs(collection: string, name: string | undefined, cause?: unknown): StorageStartError {
  const index = name === undefined ? 'An index' : `The index "${name}"`;
  return new StorageStartError(
    `${index} of the collection "${collection}" exists with other options than this version needs: ` +
      'drop it, then start again and it is built anew.',
    { cause },
  );
}
