import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import 'reflect-metadata';
import { leanerMetadata } from '../../src/lambda/leaner-metadata.ts';

class Parent {
  method(): void {}
}
class Child extends Parent {
  override method(): void {}
}
const key = Symbol('key');

type Maker = Pick<typeof Reflect, keyof typeof leanerMetadata>;

for (const [name, maker] of Object.entries<Maker>({ 'reflect-metadata': Reflect, 'its stand-in': leanerMetadata })) {
  describe(`metadata by ${name}`, () => {
    before(() => {
      maker.defineMetadata('path', 'parent', Parent);
      maker.defineMetadata(key, 1, Parent.prototype, 'method');
      maker.defineMetadata('falsy', undefined, Child);
      maker.metadata('method', 'GET')(Child.prototype, 'method');
      maker.metadata('scope', 'request')(Child);
    });

    it('is inherited, of a class and of its members', () => {
      assert.equal(maker.getMetadata('path', Child), 'parent');
      assert.equal(maker.getMetadata(key, Child.prototype, 'method'), 1);
      assert.equal(maker.hasMetadata('path', Child), true);
    });

    it('is own where it was defined, and there alone', () => {
      assert.equal(maker.getOwnMetadata('path', Parent), 'parent');
      assert.equal(maker.getOwnMetadata('path', Child), undefined);
      assert.equal(maker.hasOwnMetadata('path', Parent), true);
      assert.equal(maker.hasOwnMetadata('path', Child), false);
    });

    it('is there even where it is undefined', () => {
      assert.equal(maker.hasMetadata('falsy', Child), true);
      assert.equal(maker.hasOwnMetadata('falsy', Child), true);
      assert.equal(maker.hasMetadata('falsy', Parent), false);
      assert.equal(maker.getMetadata('falsy', Child), undefined);
    });

    it('of a class is not that of its prototype, nor that of a member', () => {
      assert.equal(maker.hasMetadata('path', Parent.prototype), false);
      assert.equal(maker.hasMetadata('path', Parent, 'method'), false);
    });

    it('is overridden by what comes closer, and by what comes later', () => {
      maker.defineMetadata('path', 'child', Child);
      assert.equal(maker.getMetadata('path', Child), 'child');
      assert.equal(maker.getMetadata('path', Parent), 'parent');
      maker.defineMetadata('path', 'later', Child);
      assert.equal(maker.getMetadata('path', Child), 'later');
    });

    it('is listed by its keys, own ones first and each once', () => {
      assert.deepEqual(maker.getOwnMetadataKeys(Child), ['falsy', 'scope', 'path']);
      assert.deepEqual(maker.getMetadataKeys(Child), ['falsy', 'scope', 'path']);
      assert.deepEqual(maker.getMetadataKeys(Child.prototype, 'method'), ['method', key]);
      assert.deepEqual(maker.getOwnMetadataKeys(Parent.prototype), []);
    });

    it('is nowhere on what has none', () => {
      assert.equal(maker.getMetadata('path', {}), undefined);
      assert.equal(
        maker.hasOwnMetadata('path', () => undefined),
        false,
      );
      const orphan = { __proto__: null };
      assert.deepEqual(maker.getMetadataKeys(orphan), []);
    });
  });
}

describe('the stand-in for reflect-metadata', () => {
  for (const name of ['@nestjs/common', '@nestjs/core', '@nestjs/platform-fastify']) {
    it(`has all that ${name} asks of it`, () => {
      const missing = askedOfReflect(name).filter((method) => !(method in leanerMetadata));
      assert.deepEqual(missing, []);
    });
  }
});

function askedOfReflect(packageName: string): string[] {
  const folder = fileURLToPath(new URL('.', import.meta.resolve(packageName)));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  const asked = files.flatMap((file) =>
    Array.from(
      readFileSync(join(folder, file), 'utf8').matchAll(/\bReflect\.(\w*etadata\w*)/g),
      ([, method]) => method ?? '',
    ),
  );
  assert.ok(asked.includes('defineMetadata') || asked.includes('getMetadata'), `${packageName} asks for nothing`);
  return [...new Set(asked)];
}
