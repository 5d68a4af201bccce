import type { Connection } from 'mongoose';
import { StorageStartError } from '../../storage-errors.ts';
import { adviceFor } from '../engine/mongo-errors.ts';

/** A standalone server takes every write and then fails at the first transaction: better not to begin. */
export async function requireTransactions(connection: Connection, hosts: string): Promise<void> {
  const hello = await sayHello(connection, hosts);
  if (typeof hello['setName'] === 'string' || hello['msg'] === 'isdbgrid') return;
  throw new StorageStartError(
    `MongoDB at ${hosts} is a standalone server, which has no transactions: run it as a replica set (one node is ` +
      'enough: start mongod with --replSet rs0 and run rs.initiate() once), or point MONGODB_URI to one.',
  );
}

async function sayHello(connection: Connection, hosts: string): Promise<Record<string, unknown>> {
  try {
    return await connection.getClient().db('admin').command({ hello: 1 });
  } catch (error) {
    throw new StorageStartError(`MongoDB at ${hosts} ${adviceFor(error) ?? 'does not say what it is.'}`, {
      cause: error,
    });
  }
}
