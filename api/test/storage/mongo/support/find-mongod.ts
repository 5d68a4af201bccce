import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The `mongod` on PATH, or one that mongodb-memory-server has or can fetch. */
export async function findMongod(): Promise<string> {
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, 'mongod'))
    .find(isExecutable);
  if (onPath !== undefined) return onPath;
  // Loaded only when needed: it looks around the machine as soon as it is.
  const { MongoBinary } = await import('mongodb-memory-server-core');
  try {
    return await MongoBinary.getPath();
  } catch {
    throw new Error(
      'These tests need a MongoDB: set TEST_MONGODB_URI to a replica set, put mongod on PATH, or let ' +
        'mongodb-memory-server download one.',
    );
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
