import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import * as z from 'zod/mini';

export interface SentRequest {
  readonly method: string;
  /** With its query, as a caller would write it. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly sourceIp?: string;
}

export interface GatewayReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What is sent, byte for byte. */
  readonly body: Buffer;
  /** What the caller makes of it. */
  readonly text: string;
}

/** The event that API Gateway's HTTP API makes of a request, in format 2.0. */
export function toEvent({
  method,
  url,
  headers = {},
  body,
  sourceIp = '203.0.113.7',
}: SentRequest): APIGatewayProxyEventV2 {
  const [path = '/', query = ''] = url.split(/\?(.*)/s, 2);
  const values = Object.entries(Object.groupBy(new URLSearchParams(query), ([name]) => name));
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: decodeURIComponent(path),
    rawQueryString: query,
    headers: {
      host: 'abc123.execute-api.us-east-1.amazonaws.com',
      'x-forwarded-for': sourceIp,
      'x-forwarded-proto': 'https',
      ...headers,
    },
    // Several values of one name come joined, so that they cannot be told from one that holds a comma.
    ...(values.length > 0 && {
      queryStringParameters: Object.fromEntries(
        values.map(([name, all]) => [name, all?.map(([, value]) => value).join(',')]),
      ),
    }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc123',
      domainName: 'abc123.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'abc123',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp, userAgent: headers['user-agent'] ?? 'test' },
      requestId: randomUUID().slice(0, 15),
      routeKey: '$default',
      stage: '$default',
      time: new Date().toUTCString(),
      timeEpoch: Date.now(),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : body.toString('base64') }),
    isBase64Encoded: body !== undefined && typeof body !== 'string',
  };
}

const Reply = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  isBase64Encoded: z.optional(z.boolean()),
});

/** Throws where the gateway would answer 500, as it does with a reply that is none. */
export function fromReply(reply: unknown): GatewayReply {
  const { statusCode, headers, body, isBase64Encoded } = Reply.parse(reply);
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  const text = headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
  return { status: statusCode, headers, body: bytes, text: text.toString() };
}

/** What a runtime tells a function beside the event. */
export const context: Context = {
  awsRequestId: randomUUID(),
  callbackWaitsForEmptyEventLoop: true,
  functionName: 'emulated',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:emulated',
  logGroupName: '/aws/lambda/emulated',
  logStreamName: 'emulated',
  memoryLimitInMB: '512',
  getRemainingTimeInMillis: () => 30_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};
