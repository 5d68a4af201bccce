import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ERRORS, type OpenApiDocument, ROUTES, type Route } from '@claude-projects/shared/contract';
import { openApiDocument } from '../../src/docs/openapi.ts';
import { startTestApi, type TestApi } from '../support/test-api.ts';
import { at, entriesOf, isObject, type JsonObject, walk } from './support/json.ts';

const API_DIRECTORY = new URL('../../', import.meta.url);
const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

describe('the OpenAPI document', () => {
  const document = openApiDocument();
  const operations = operationsOf(document);

  it('describes every route of the contract, and no other', () => {
    const described = operations.map(({ method, path }) => `${method} ${path}`);
    const declared = Object.values<Route>(ROUTES).map(
      ({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`,
    );
    assert.deepEqual(described.toSorted(), declared.toSorted());
  });

  it('names each operation after its route, once', () => {
    const ids = operations.map(({ operation }) => String(operation['operationId']));
    assert.deepEqual(ids.toSorted(), Object.keys(ROUTES).toSorted());
    assert.equal(new Set(ids).size, ids.length);
  });

  it('has no reference that leads nowhere', () => {
    const references: unknown[] = [];
    walk(document, (value, key) => {
      if (key === '$ref') references.push(value);
    });
    assert.ok(references.length > 50);
    for (const reference of references) {
      assert.ok(typeof reference === 'string' && reference.startsWith('#/'), `${String(reference)} is not a local one`);
      assert.ok(isObject(at(document, reference)), `${reference} leads nowhere`);
    }
  });

  it('uses every schema that it defines', () => {
    const used = new Set<unknown>();
    walk(document, (value, key) => {
      if (key === '$ref') used.add(value);
    });
    const unused = entriesOf(at(document, '#/components/schemas')).filter(
      ([name]) => !used.has(`#/components/schemas/${name}`),
    );
    assert.deepEqual(unused, []);
  });

  it('has the shape of OpenAPI 3.1', () => {
    assert.match(document.openapi, /^3\.1\.\d+$/);
    const known = new Set(['openapi', 'info', 'tags', 'paths', 'components', 'servers', 'security', 'externalDocs']);
    assert.deepEqual(
      Object.keys(document).filter((key) => !known.has(key)),
      [],
    );
    for (const field of ['title', 'version']) assert.equal(typeof document.info[field], 'string');
    for (const [name] of entriesOf(at(document, '#/components/schemas'))) assert.match(name, /^[\w.-]+$/);
    const tags = new Set(listAt(document, '#/tags').map((tag) => tag['name']));
    const schemes = new Set(entriesOf(at(document, '#/components/securitySchemes')).map(([name]) => name));
    for (const { operation, path } of operations) {
      for (const tag of stringsOf(operation['tags'])) assert.ok(tags.has(tag), `tag ${tag} is not declared`);
      for (const requirement of objectsOf(operation['security'])) {
        for (const [name, scopes] of entriesOf(requirement)) {
          assert.ok(schemes.has(name));
          assert.deepEqual(scopes, []);
        }
      }
      assertParameters(path, objectsOf(operation['parameters'] ?? []));
      assertResponses(operation);
    }
  });

  it('asks for a key wherever the contract does, and for a body wherever it has one', () => {
    for (const { operation } of operations) {
      const route = routeNamed(operation['operationId']);
      assert.equal(objectsOf(operation['security']).length > 0, route.access === 'key', route.path);
      const body = operation['requestBody'];
      assert.equal(body !== undefined, route.body !== undefined, route.path);
      if (isObject(body)) assert.equal(body['required'], route.bodyOptional !== true, route.path);
    }
  });

  it('gives every route the errors that the contract gives it', () => {
    for (const { operation } of operations) {
      const route = routeNamed(operation['operationId']);
      for (const code of route.errors) {
        const response = at(operation, `#/responses/${ERRORS[code].status}`);
        assert.ok(isObject(response), `${route.path} lacks ${code}`);
        assert.ok(String(response['description']).includes(`\`${code}\``), `${route.path} lacks ${code}`);
      }
    }
  });

  it('holds schemas that JSON Schema knows: a type, an enum, a reference or a choice', () => {
    for (const [name, schema] of entriesOf(at(document, '#/components/schemas'))) {
      assert.ok(isObject(schema));
      assert.ok(
        ['type', 'enum', '$ref', 'anyOf', 'oneOf', 'allOf', 'const'].some((key) => key in schema),
        `${name} says nothing`,
      );
      for (const required of stringsOf(schema['required'] ?? [])) {
        assert.ok(isObject(at(schema, `#/properties/${required}`)), `${name} requires ${required}, which it lacks`);
      }
    }
  });

  describe('over HTTP', () => {
    let api: TestApi;
    before(async () => {
      api = await startTestApi();
    });
    after(() => api.close());

    it('is served as it is, to anyone', async () => {
      const { status, headers, body } = await api.call('GET', '/api/docs-json', undefined, { withoutKey: true });
      assert.equal(status, 200);
      assert.match(headers.get('content-type') ?? '', /^application\/json/);
      assert.deepEqual(body, JSON.parse(JSON.stringify(document)));
    });
  });

  describe('in the repository', function () {
    this.timeout(20_000);
    let directory: string;
    before(() => {
      directory = mkdtempSync(join(tmpdir(), 'claude-projects-openapi-'));
    });
    after(() => rmSync(directory, { recursive: true }));

    it('is current', () => {
      const { status, stderr } = writeOpenApi('--check');
      assert.equal(status, 0, stderr);
      const text = readFileSync(new URL('../docs/openapi.json', API_DIRECTORY), 'utf8');
      assert.ok(text.endsWith('}\n'));
    });

    it('is found to be stale, with a sentence that says what to do', () => {
      const file = join(directory, 'openapi.json');
      for (const prepare of [() => {}, () => writeFileSync(file, '{}\n')]) {
        prepare();
        const { status, stderr } = writeOpenApi('--check', file);
        assert.equal(status, 1);
        assert.match(stderr, /openapi\.json is not what the contract says today.*run: node .*write-openapi\.ts\n$/);
      }
      assert.equal(writeOpenApi(file).status, 0);
      assert.equal(writeOpenApi('--check', file).status, 0);
    });
  });
});

interface Operation {
  path: string;
  method: string;
  operation: JsonObject;
}

function operationsOf(document: OpenApiDocument): Operation[] {
  return entriesOf(document.paths).flatMap(([path, methods]) =>
    entriesOf(methods).map(([method, operation]) => {
      assert.ok(METHODS.has(method), `${method} is no method`);
      assert.ok(isObject(operation));
      return { path, method, operation };
    }),
  );
}

function routeNamed(name: unknown): Route {
  const route = Object.entries<Route>(ROUTES).find(([key]) => key === name)?.[1];
  assert.ok(route, `${String(name)} is no route`);
  return route;
}

function assertParameters(path: string, parameters: JsonObject[]): void {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const declared = parameters.filter((parameter) => parameter['in'] === 'path');
  assert.deepEqual(
    declared.map(({ name }) => name),
    inPath,
    path,
  );
  for (const parameter of parameters) {
    assert.ok(['path', 'query', 'header'].includes(String(parameter['in'])));
    assert.equal(typeof parameter['required'], 'boolean');
    assert.ok(parameter['in'] !== 'path' || parameter['required'] === true);
    assert.ok(isObject(parameter['schema']));
  }
  const keys = parameters.map((parameter) => `${String(parameter['in'])} ${String(parameter['name'])}`);
  assert.equal(new Set(keys).size, keys.length);
}

function assertResponses(operation: JsonObject): void {
  const responses = entriesOf(operation['responses']);
  assert.ok(responses.some(([status]) => status.startsWith('2')));
  for (const [status, response] of responses) {
    assert.match(status, /^[2345]\d\d$/);
    assert.ok(isObject(response) && typeof response['description'] === 'string' && response['description'] !== '');
    const content = response['content'];
    assert.equal(content === undefined, status === '204' || status === '304');
    for (const [mediaType, media] of entriesOf(content ?? {})) {
      assert.match(mediaType, /^(application\/json|text\/(plain|html))$/);
      assert.ok(isObject(media) && isObject(media['schema']));
    }
  }
}

function listAt(root: object, pointer: string): JsonObject[] {
  return objectsOf(at(root, pointer));
}

function objectsOf(value: unknown): JsonObject[] {
  assert.ok(Array.isArray(value));
  return value.map((item: unknown) => {
    assert.ok(isObject(item));
    return item;
  });
}

function stringsOf(value: unknown): string[] {
  assert.ok(Array.isArray(value));
  return value.map((item: unknown) => {
    assert.ok(typeof item === 'string');
    return item;
  });
}

function writeOpenApi(...parameters: string[]) {
  return spawnSync(
    process.execPath,
    ['--import', '../tools/typescript-loader.ts', 'build/write-openapi.ts', ...parameters],
    { cwd: API_DIRECTORY, encoding: 'utf8' },
  );
}
