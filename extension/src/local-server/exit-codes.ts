/** What the server says by its end: the same as in the API's `local-server/exit-codes.ts`. */
export const EXIT = {
  done: 0,
  anotherServes: 3,
  unusable: 4,
} as const;
