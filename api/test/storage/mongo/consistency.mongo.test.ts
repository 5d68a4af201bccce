import { createMongoStorage } from '../../../src/storage/mongo/index.ts';
import { describePlacesHeldTwice } from '../contract/places-held-twice.ts';
import { connectTo, freshDatabase } from './test-engine.ts';

describePlacesHeldTwice('MongoDB', async () => {
  const database = await freshDatabase();
  const connection = await connectTo(database);
  const storage = await createMongoStorage(connection, { timeoutMs: 10_000 });
  for (const index of ['active_place', 'docker_slot']) await connection.model('Session').collection.dropIndex(index);
  return {
    storage,
    dispose: async () => {
      await connection.destroy();
      await database.drop();
    },
  };
});
