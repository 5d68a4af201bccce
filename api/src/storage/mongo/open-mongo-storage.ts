import type { Storage } from '../storage.ts';
import { connect } from './connection/connect.ts';
import type { PoolLimits } from './connection/connection-options.ts';
import { createMongoStorage } from './mongo-storage.ts';

export interface MongoOptions extends PoolLimits {
  uri: string;
}

/** Connects, and closes the connection with the storage. Throws StorageStartError where it cannot serve. */
export async function openMongoStorage({ uri, poolSize, timeoutMs }: MongoOptions): Promise<Storage> {
  const connection = await connect(uri, { poolSize, timeoutMs });
  try {
    const storage = await createMongoStorage(connection, { timeoutMs });
    return {
      ...storage,
      close: async () => {
        await storage.close();
        // Does nothing the second time.
        await connection.destroy();
      },
    };
  } catch (error) {
    await connection.destroy();
    throw error;
  }
}
