import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mongoose from 'mongoose';

const START_UP_MS = 60_000;

/** A replica set of one node for this process, which takes it down, data and all, when it ends. */
export async function startReplicaSet(mongod: string): Promise<string> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'claude-projects-mongod-'));
  const options = ['--replSet', 'rs0', '--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', directory];
  // Expired documents go each second instead of each minute.
  const child = spawn(mongod, [...options, '--setParameter', 'ttlMonitorSleepSecs=1'], { stdio: 'ignore' });
  // Neither keeps the test run alive.
  child.unref();
  process.once('exit', () => {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  });
  await becomePrimary(`127.0.0.1:${port}`, child);
  return `mongodb://127.0.0.1:${port}/?replicaSet=rs0`;
}

async function becomePrimary(host: string, child: ChildProcess): Promise<void> {
  const uri = `mongodb://${host}/?directConnection=true&serverSelectionTimeoutMS=${START_UP_MS}`;
  const client = new mongoose.mongo.MongoClient(uri);
  const died = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`mongod ended with code ${code} before it was ready`)));
  });
  try {
    await Promise.race([initiate(client, host), died]);
  } finally {
    await client.close();
  }
}

async function initiate(client: mongoose.mongo.MongoClient, host: string): Promise<void> {
  const admin = client.db('admin');
  await admin.command({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host }] } });
  for (;;) {
    const hello = await admin.command({ hello: 1 });
    if (hello['isWritablePrimary'] === true) return;
    await delay(50);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<number>();
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    server.close(() => resolve(port));
  });
  return promise;
}
