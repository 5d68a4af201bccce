import type { ConnectOptions } from 'mongoose';

const SERVER_SELECTION_MS = 5000;

export interface PoolLimits {
  poolSize: number;
  /** How long a single call to the database may take. */
  timeoutMs: number;
}

/**
 * What the storage expects of its connection, also for whoever opens one elsewhere. No socket timeout: the
 * driver's monitor notices a dead server within ten seconds and ends the calls under way, and an index may
 * take its time to be built.
 */
export function connectionOptions({ poolSize, timeoutMs }: PoolLimits): ConnectOptions {
  return {
    appName: 'claude-projects-api',
    maxPoolSize: poolSize,
    waitQueueTimeoutMS: timeoutMs,
    serverSelectionTimeoutMS: SERVER_SELECTION_MS,
    connectTimeoutMS: SERVER_SELECTION_MS,
    heartbeatFrequencyMS: SERVER_SELECTION_MS,
    // An acknowledged write survives the loss of the primary, and is read by whoever asks next.
    writeConcern: { w: 'majority' },
    readPreference: 'primary',
    retryReads: true,
    retryWrites: true,
    // Fail at once and say so, instead of waiting for a connection that may never come.
    bufferCommands: false,
    autoIndex: false,
    autoCreate: false,
  };
}
