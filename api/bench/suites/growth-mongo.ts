import { MongoClient } from 'mongodb';
import { seedMongo } from '../data/seed-mongo.ts';
import { Server } from '../processes/server.ts';
import { measureGrowth, POPULATION, type Size } from './growth.ts';
import type { Suite } from './suite.ts';
import { withDatabase } from './throughput-mongo.ts';

/** As over the embedded engine, each size in a database of its own. */
export const growthMongo: Suite = {
  name: 'growth-mongo',
  floors: [],
  async run(options) {
    const { workshop, mongodbUri, quick, progress } = options;
    if (mongodbUri === undefined) return { tables: [], goals: [] };
    await using started = new AsyncDisposableStack();
    const servers: Size[] = [];
    for (const total of quick ? [1_000, 10_000] : [1_000, 10_000, 100_000]) {
      progress(`storing ${total} sessions`);
      const uri = withDatabase(mongodbUri, `claude_projects_growth_${process.pid}_${total}`);
      const client = await new MongoClient(uri).connect();
      started.defer(async () => {
        await client.db().dropDatabase();
        await client.close();
      });
      // Stored past the API, so before the server starts: it makes the indexes, and counts what it finds.
      const ids = await seedMongo(client.db().collection('sessions'), { total, ...POPULATION });
      const server = started.use(await Server.start(workshop, { environment: { MONGODB_URI: uri } }));
      servers.push({ name: total.toLocaleString('en'), server, ids });
    }
    return await measureGrowth('MongoDB', servers, options);
  },
};
