import mongoose from 'mongoose';
import { openMongoStorage } from '../../../src/storage/mongo/index.ts';
import { type Proxy, startProxy } from '../../storage/mongo/support/proxy.ts';
import { freshDatabase, type TestDatabase } from '../../storage/mongo/test-engine.ts';
import { startTestApi, type TestApi } from '../../support/test-api.ts';

export interface ApiBehindProxy {
  readonly api: TestApi;
  readonly proxy: Proxy;
  readonly database: TestDatabase;
  close(): Promise<void>;
}

/** The whole API on a real MongoDB that it can only reach through the test's proxy. */
export async function startApiBehindProxy(databaseTimeoutMs: number): Promise<ApiBehindProxy> {
  const database = await freshDatabase();
  // Straight through the proxy's port: a replica set would otherwise send its clients around it.
  const [host] = new mongoose.mongo.MongoClient(database.uri).options.hosts;
  const proxy = await startProxy(host?.host ?? '127.0.0.1', host?.port ?? 27_017);
  const uri = `mongodb://127.0.0.1:${proxy.port}/${database.name}?directConnection=true`;
  const storage = await openMongoStorage({ uri, poolSize: 20, timeoutMs: databaseTimeoutMs });
  const api = await startTestApi({ databaseTimeoutMs, requestTimeoutMs: 29_000 }, { sharedStorage: storage });
  return {
    api,
    proxy,
    database,
    close: async () => {
      await api.close();
      await proxy.cut();
      await storage.close();
      await database.drop();
    },
  };
}
