import mongoose from 'mongoose';
import {
  StorageTimeoutError,
  StorageUnavailableError,
  type UniqueConstraint,
  UniqueViolationError,
} from '../../storage-errors.ts';

const { mongo } = mongoose;

const DUPLICATE_KEY = 11_000;

/** Which promise a unique index keeps, by the fields of its key. */
const CONSTRAINTS: ReadonlyMap<string, UniqueConstraint> = new Map([
  ['session_id', 'session_id'],
  ['task_id', 'task_id'],
  ['project_id,machine_id,docker_slot', 'active_place'],
  ['machine_id,docker_slot', 'docker_slot'],
]);

const TOO_SLOW: ReadonlySet<number> = new Set([50, 262, 365, 462]);

/** The server's codes that tell of its state; all others would be mistakes of ours. */
const ADVICE: ReadonlyMap<number, string> = new Map([
  ...[6, 7, 89, 91, 189, 9001, 10_107, 11_600, 11_602, 13_435, 13_436, 13_388, 11_601].map((code): [number, string] => [
    code,
    'has no primary at the moment: see to the health of the replica set.',
  ]),
  ...[...TOO_SLOW].map((code): [number, string] => [
    code,
    'was too slow: look for what keeps it busy, or raise DATABASE_TIMEOUT_MS.',
  ]),
  ...[24, 112, 225, 246, 251].map((code): [number, string] => [
    code,
    'has too many writers at once on the same records: the request may be repeated.',
  ]),
  ...[64, 79, 100].map((code): [number, string] => [
    code,
    'cannot confirm writes by a majority: see to the health of the replica set.',
  ]),
  ...[13, 18, 8000].map((code): [number, string] => [
    code,
    'refused access: check the user, password and roles in MONGODB_URI.',
  ]),
  ...[371, 14_031].map((code): [number, string] => [
    code,
    'takes no more writes: free space, or lift the write block.',
  ]),
]);

const UNREACHABLE = 'does not answer: check that it runs and can be reached from here.';

/** Failures that the driver itself found, in the connection and not in what was asked. */
const UNREACHABLE_CLASSES = [
  mongo.MongoNetworkError,
  mongo.MongoSystemError,
  mongo.MongoNotConnectedError,
  mongo.MongoTopologyClosedError,
  mongo.MongoServerClosedError,
  mongo.MongoClientClosedError,
  mongo.MongoOperationTimeoutError,
  mongo.MongoStalePrimaryError,
  mongo.MongoExpiredSessionError,
  mongoose.Error.MongooseServerSelectionError,
] as const;

/** The driver does not export these two. */
const POOL_ERRORS: ReadonlySet<string> = new Set(['MongoWaitQueueTimeoutError', 'MongoPoolClosedError']);

/** The driver passes on as it came what its socket says in the moment of a write. */
const SOCKET_ERRORS: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT', 'ENOTCONN']);

/** A transaction that failed with such an error is run again by the driver. */
const TRANSIENT = 'TransientTransactionError';

export function isTransient(error: unknown): boolean {
  return error instanceof mongo.MongoError && error.hasErrorLabel(TRANSIENT);
}

/** Makes an error of the driver ask for another run of its transaction. */
export function markTransient(error: unknown): void {
  if (error instanceof mongo.MongoError) error.addErrorLabel(TRANSIENT);
}

export function isDuplicateKey(error: unknown): boolean {
  return serverCode(error) === DUPLICATE_KEY;
}

export function serverCode(error: unknown): number | undefined {
  return error instanceof mongo.MongoServerError && typeof error.code === 'number' ? error.code : undefined;
}

/** What the operator should know about it; undefined where the surroundings are not to blame. */
export function adviceFor(error: unknown): string | undefined {
  if (UNREACHABLE_CLASSES.some((kind) => error instanceof kind) || isSocketError(error)) return UNREACHABLE;
  if (!(error instanceof mongo.MongoError)) return undefined;
  if (POOL_ERRORS.has(error.name)) {
    return 'has no connection to spare: raise MONGODB_POOL_SIZE, or look for what keeps them busy.';
  }
  const advice = ADVICE.get(serverCode(error) ?? 0);
  if (advice !== undefined) return advice;
  return error.hasErrorLabel('RetryableWriteError') || isTransient(error) ? UNREACHABLE : undefined;
}

function isSocketError(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return typeof error.code === 'string' && SOCKET_ERRORS.has(error.code);
}

/** `place` names the hosts, and nothing else of the address. */
export function storageErrorFrom(error: unknown, place: string): unknown {
  if (isDuplicateKey(error)) {
    const constraint = brokenConstraint(error);
    return constraint === undefined ? error : new UniqueViolationError(constraint, { cause: error });
  }
  const advice = adviceFor(error);
  if (advice === undefined) return error;
  const Kind = TOO_SLOW.has(serverCode(error) ?? 0) ? StorageTimeoutError : StorageUnavailableError;
  return new Kind(`MongoDB at ${place} ${advice}`, { cause: error });
}

function brokenConstraint(error: unknown): UniqueConstraint | undefined {
  if (!(error instanceof mongo.MongoServerError)) return undefined;
  const keyPattern: unknown = error['keyPattern'];
  if (typeof keyPattern !== 'object' || keyPattern === null) return undefined;
  return CONSTRAINTS.get(Object.keys(keyPattern).join(','));
}
