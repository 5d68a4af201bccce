import { randomUUID } from 'node:crypto';

export interface Random {
  /** At least 0, less than 1. */
  fraction(): number;
  uuid(): string;
}

export const systemRandom: Random = { fraction: () => Math.random(), uuid: () => randomUUID() };
