import mongoose, { type Connection, type mongo } from 'mongoose';
import { StorageStartError } from '../../storage-errors.ts';
import { adviceFor } from '../engine/mongo-errors.ts';
import { connectionOptions, type PoolLimits } from './connection-options.ts';
import { hostsOf } from './hosts.ts';

/** The caller owns the connection and destroys it. */
export async function connect(uri: string, limits: PoolLimits): Promise<Connection> {
  const connection = mongoose.createConnection();
  try {
    return await connection.openUri(uri, connectionOptions(limits));
  } catch (error) {
    // There is none where the address could not be read.
    const client: mongo.MongoClient | undefined = connection.getClient();
    await connection.destroy();
    throw client === undefined ? unreadableAddress() : cannotConnect(hostsOf(client), error);
  }
}

/** Without its cause: what the driver says about an address may quote it, password and all. */
function unreadableAddress(): StorageStartError {
  return new StorageStartError(
    'MONGODB_URI cannot be read as an address: it must look like mongodb://user:password@host:27017/database or ' +
      'mongodb+srv://…, with special characters in user and password percent-encoded.',
  );
}

function cannotConnect(hosts: string, error: unknown): StorageStartError {
  const advice = adviceFor(error) ?? 'cannot be connected to: check the host names in MONGODB_URI and the network.';
  return new StorageStartError(`MongoDB at ${hosts} ${advice}`, { cause: error });
}
