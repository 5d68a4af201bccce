import { MongoClient } from 'mongodb';
import { startSessions } from '../data/seed-api.ts';
import { heartbeatCalls } from '../load/calls.ts';
import { Server } from '../processes/server.ts';
import { COMPARISON_COLUMNS, compare, comparisonRow, find, ratio } from './compare.ts';
import { number, type Suite } from './suite.ts';

const SESSIONS = 500;
const API = 'the API';
const DRIVER = 'floor: Fastify and the driver';
const MONGOOSE = 'floor: Express and mongoose';

/** Heartbeats over a MongoDB-compatible engine, against the least and the most usual program that could do it. */
export const throughputMongo: Suite = {
  name: 'mongo',
  floors: ['fastify-and-driver', 'express-and-mongoose'],
  async run(options) {
    const { workshop, mongodbUri } = options;
    if (mongodbUri === undefined) return { tables: [], goals: [] };
    const uri = withDatabase(mongodbUri, `claude_projects_bench_${process.pid}`);
    const environment = { MONGODB_URI: uri, MONGODB_POOL_SIZE: '20' };
    const client = await new MongoClient(uri).connect();
    try {
      await using api = await Server.start(workshop, { environment });
      await using driver = await Server.start(workshop, {
        program: workshop.floor('fastify-and-driver'),
        environment,
      });
      await using mongoose = await Server.start(workshop, {
        program: workshop.floor('express-and-mongoose'),
        environment,
      });
      const calls = heartbeatCalls(await startSessions(api, SESSIONS));
      options.progress('heartbeats over MongoDB');
      const measured = await compare(
        [
          { name: API, server: api, calls },
          { name: DRIVER, server: driver, calls },
          { name: MONGOOSE, server: mongoose, calls },
        ],
        options,
      );
      const overDriver = ratio(find(measured, API), find(measured, DRIVER), 'requestsPerSecond');
      const overMongoose = ratio(find(measured, API), find(measured, MONGOOSE), 'requestsPerSecond');
      return {
        tables: [
          {
            title: `POST …/heartbeat over a MongoDB-compatible engine, ${SESSIONS} sessions that beat`,
            columns: COMPARISON_COLUMNS,
            rows: measured.map(comparisonRow),
            notes: [
              'All three on one collection with the indexes of the API. The floors set last_heartbeat by session_id; the API also moves updated_at and brings back a stalled session, all in the one update.',
              `Against Fastify and the driver: ${number(overDriver, 2)} of its throughput; against Express and mongoose: ${number(overMongoose, 2)}.`,
            ],
          },
        ],
        goals: [
          {
            text: "Heartbeat over MongoDB: at least 0.8 of the throughput of Fastify with the driver's findOneAndUpdate",
            measured: number(overDriver, 2),
            reached: overDriver >= 0.8,
          },
          {
            text: 'Heartbeat over MongoDB: ahead of Express with mongoose',
            measured: number(overMongoose, 2),
            reached: overMongoose > 1,
          },
        ],
      };
    } finally {
      await client.db().dropDatabase();
      await client.close();
    }
  },
};

export function withDatabase(uri: string, database: string): string {
  const parsed = new URL(uri);
  parsed.pathname = `/${database}`;
  return parsed.href;
}
