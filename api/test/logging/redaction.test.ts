import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { maskKey } from '../../src/auth/api-key.ts';
import { redactor, secretsOf } from '../../src/logging/redaction.ts';

describe('redaction', () => {
  const key = randomUUID();

  it('masks each configured key, in either case and wherever it stands', () => {
    const other = randomUUID();
    const redact = redactor([key, other]);
    assert.equal(redact(`"${key}x",${other}`), `"${maskKey(key)}x",${maskKey(other)}`);
    assert.equal(redact(key.toUpperCase()), maskKey(key.toUpperCase()));
  });

  it('leaves alone what is no secret', () => {
    const text = JSON.stringify({ session_id: randomUUID(), url: 'mongodb://one:27017,two/db?a=b@c', path: '/a@b' });
    assert.equal(redactor([key])(text), text);
    assert.equal(redactor([])(text), text);
  });

  it('takes user and password out of the address of any database, configured or not', () => {
    const redact = redactor([]);
    for (const credentials of ['user:pass@', 'user:p@ss:w@rd@', 'user@', ':@', 'us%40er:%2Fx@']) {
      for (const scheme of ['mongodb://', 'mongodb+srv://', 'MONGODB://']) {
        assert.equal(redact(`to ${scheme}${credentials}host:1,host:2/db `), `to ${scheme}***@host:1,host:2/db `);
      }
    }
    assert.equal(redact('mongodb://a:b@one mongodb://c:d@two'), 'mongodb://***@one mongodb://***@two');
  });

  it('knows the password of the configured address by itself too, as it is written and as it is meant', () => {
    const secrets = secretsOf({ apiKeys: [], mongodbUri: 'mongodb+srv://user:pass%20word%21+"x@host/db' });
    const redact = redactor(secrets);
    for (const text of ['pass%20word%21+"x', 'pass word!+"x']) {
      assert.equal(redact(`sent ${text}.`), 'sent ***.');
      // As it stands in a line of JSON.
      assert.equal(redact(JSON.stringify({ text })), '{"text":"***"}');
    }
  });

  it('does not take a short password for a word of its own', () => {
    const redact = redactor(secretsOf({ apiKeys: [], mongodbUri: 'mongodb://user:info@host/db' }));
    assert.equal(redact('{"level":"info"} mongodb://user:info@host/db'), '{"level":"info"} mongodb://***@host/db');
  });

  it('is not put off by an address that has no password or is broken', () => {
    for (const mongodbUri of [
      undefined,
      '',
      'mongodb://host/db',
      'mongodb://user@host',
      'mongodb://u:%zz%zz%zz%zz@h',
    ]) {
      const redact = redactor(secretsOf({ apiKeys: [key], mongodbUri }));
      assert.equal(redact(`a line with ${key}`), `a line with ${maskKey(key)}`);
    }
  });
});
