import type { AxiosAdapter } from 'axios';

/** How requests leave: by the runtime's fetch, or through a function that axios accepts as an adapter. */
export type ClientAdapter = 'fetch' | AxiosAdapter;
