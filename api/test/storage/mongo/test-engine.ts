import { randomUUID } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { connectionOptions, openMongoStorage } from '../../../src/storage/mongo/index.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { findMongod } from './support/find-mongod.ts';
import { startReplicaSet } from './support/start-replica-set.ts';

let engine: Promise<string> | undefined;

/** One engine for all suites of a run; a database of its own for each. */
function engineUri(): Promise<string> {
  engine ??= findEngine();
  return engine;
}

async function findEngine(): Promise<string> {
  const given = process.env['TEST_MONGODB_URI'];
  return given === undefined || given === '' ? startReplicaSet(await findMongod()) : given;
}

export interface TestDatabase {
  /** Does not exist until something is written to it. */
  name: string;
  uri: string;
  drop: () => Promise<void>;
}

export async function freshDatabase(): Promise<TestDatabase> {
  const name = `claude_projects_test_${randomUUID().replaceAll('-', '')}`;
  const uri = withDatabase(await engineUri(), name);
  return {
    name,
    uri,
    drop: async () => {
      const client = new mongoose.mongo.MongoClient(uri);
      try {
        await client.db().dropDatabase();
      } finally {
        await client.close();
      }
    },
  };
}

/** An address may list several hosts, which URL cannot read. */
function withDatabase(uri: string, name: string): string {
  const parts = /^(?<hosts>mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(?<options>\?.*)?$/.exec(uri)?.groups;
  if (!parts) throw new Error('TEST_MONGODB_URI must begin with mongodb:// or mongodb+srv://');
  return `${parts['hosts']}/${name}${parts['options'] ?? ''}`;
}

const LIMITS = { poolSize: 20, timeoutMs: 10_000 };

/** A storage that holds nothing yet. Disposing of it closes it and drops its database. */
export async function openTestMongoStorage(): Promise<{ storage: Storage; dispose: () => Promise<void> }> {
  const { uri, drop } = await freshDatabase();
  const storage = await openMongoStorage({ uri, ...LIMITS });
  return {
    storage,
    dispose: async () => {
      await storage.close();
      await drop();
    },
  };
}

/** A bare connection to the database, for looks and changes behind the storage's back. The caller destroys it. */
export async function connectTo({ uri }: TestDatabase): Promise<Connection> {
  return mongoose.createConnection(uri, { ...connectionOptions(LIMITS), monitorCommands: true }).asPromise();
}
