export { buildIndexes } from './connection/build-indexes.ts';
export { connectionOptions } from './connection/connection-options.ts';
export { createMongoStorage } from './mongo-storage.ts';
export { type MongoOptions, openMongoStorage } from './open-mongo-storage.ts';
export { mountModels } from './schema/models.ts';
