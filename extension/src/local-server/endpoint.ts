/** Where the local server is, and the key of its present launch. */
export interface ServerEndpoint {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Tells one launch from the next: another server, or the same one started again, has another. */
  readonly instance: string;
}
