import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { secretWatch } from '../../support/secret-watch.ts';
import { FunctionInstance } from './function-instance.ts';
import { fromReply, type GatewayReply, type SentRequest, toEvent } from './gateway.ts';

/** The API's function as its callers see it, each call a request through the gateway. */
export class DeployedApi implements AsyncDisposable {
  readonly key: string;
  readonly instance: FunctionInstance;

  private constructor(instance: FunctionInstance, key: string) {
    this.instance = instance;
    this.key = key;
  }

  static async start(
    folder: string,
    uri: string,
    variables: Readonly<Record<string, string>> = {},
    timeoutMs?: number,
  ): Promise<DeployedApi> {
    const key = randomUUID();
    secretWatch.addKeys([key]);
    const instance = await FunctionInstance.start({
      folder,
      variables: {
        API_KEYS: key,
        MONGODB_URI: uri,
        // The limits have tests of their own.
        RATE_LIMIT_PER_MINUTE: '1000000',
        RATE_LIMIT_HEARTBEATS_PER_MINUTE: '1000000',
        ...variables,
      },
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
    return new DeployedApi(instance, key);
  }

  async send(method: string, url: string, more: Omit<SentRequest, 'method' | 'url'> = {}): Promise<GatewayReply> {
    const headers = {
      'x-api-key': this.key,
      ...(more.body !== undefined && { 'content-type': 'application/json' }),
      ...more.headers,
    };
    return fromReply(await this.instance.invoke(toEvent({ method, url, ...more, headers })));
  }

  /** A call that must succeed with that status, and its reply as the contract has it. */
  async call<Schema extends z.core.$ZodType>(
    [method, url, body]: readonly [method: string, url: string, body?: unknown],
    status: number,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const reply = await this.send(method, url, body === undefined ? {} : { body: JSON.stringify(body) });
    if (reply.status !== status) throw new Error(`${method} ${url} was answered ${reply.status}: ${reply.text}`);
    return z.parse(schema, JSON.parse(reply.text));
  }

  /** How often it logged an event of that name. */
  logged(message: string): number {
    return this.instance.lines.filter((line) => line.includes(`"message":"${message}"`)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.instance[Symbol.asyncDispose]();
  }
}
