import { randomUUID } from 'node:crypto';

/** Makes the ids of records; injected so that tests can name them. */
export type MakeId = () => string;

export const MAKE_ID = Symbol('MakeId');

export const randomId: MakeId = () => randomUUID();
