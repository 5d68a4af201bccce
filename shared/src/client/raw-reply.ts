import type { AxiosResponse } from 'axios';
import { HEADERS } from '../contract/headers.ts';

/** A reply as it came, before anything in it is believed. */
export interface RawReply {
  readonly status: number;
  readonly text: string;
  readonly contentType: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfter: string | undefined;
  readonly etag: string | undefined;
}

export function rawReply(response: AxiosResponse<unknown>): RawReply {
  const header = (name: string) => {
    const value: unknown = response.headers[name.toLowerCase()];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    status: response.status,
    text: textOf(response.data),
    contentType: header('Content-Type'),
    requestId: header(HEADERS.requestId),
    retryAfter: header(HEADERS.retryAfter),
    etag: header(HEADERS.etag),
  };
}

/** Axios was told to leave the text alone; an adapter of the caller may still hand over an object. */
function textOf(data: unknown): string {
  if (typeof data === 'string') return data;
  return data === undefined || data === null ? '' : JSON.stringify(data);
}

/** Undefined where the text is no JSON; JSON itself has no undefined. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
