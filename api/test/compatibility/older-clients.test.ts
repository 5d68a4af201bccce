import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromJSONSchema, type ZodType } from 'zod';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import { type Exchange, Recording } from './recording.ts';

const folder = join(import.meta.dirname, 'recordings');

// Made by record-client.command.ts with the client as it was released. What is installed cannot be changed any more:
// a failure here means that the API has become one that those clients cannot use.
for (const name of readdirSync(folder)) {
  const { client, exchanges, schemas } = Recording.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));

  describe(`the API with a client of version ${client}`, function () {
    this.timeout(20_000);
    let api: TestApi;
    let etag: string | null = null;

    before(async () => {
      api = await startTestApi();
    });
    after(() => api.close());

    const send = ({ method, path, headers, body }: Exchange) =>
      fetch(api.url + path, {
        method,
        headers: Object.entries(headers).map(([name, value]): [string, string] => [
          name,
          value.replace('{key}', api.key).replace('{etag}', etag ?? ''),
        ]),
        ...(body !== null && { body }),
      });

    exchanges.forEach((exchange, index) => {
      const { route, method, path, status, expects, code } = exchange;
      // In order: each exchange uses what the earlier ones created.
      it(`${index + 1}: ${route}, ${method} ${path} is ${status}${code === null ? '' : ` ${code}`}`, async () => {
        const reply = await send(exchange);
        etag = reply.headers.get('etag');
        const text = await reply.text();
        assert.equal(reply.status, status, text);
        if (expects === null) return;
        const json: unknown = JSON.parse(text);
        const read = schemaOf(expects).safeParse(json);
        assert.deepEqual(read.error?.issues ?? [], []);
        if (code !== null) assert.equal(Reflect.get(Object(json), 'code'), code);
      });
    });

    const parsers = new Map<string, ZodType>();
    function schemaOf(name: string): ZodType {
      const parser = parsers.get(name) ?? fromJSONSchema({ $ref: `#/$defs/${name}`, $defs: schemas });
      parsers.set(name, parser);
      return parser;
    }
  });
}
