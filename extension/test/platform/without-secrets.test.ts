import assert from 'node:assert/strict';
import { withoutSecrets } from '../../src/platform/without-secrets.ts';

describe('text without secrets', () => {
  const MASKED = {
    'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG aws s3 ls': 'AWS_SECRET_ACCESS_KEY=••• aws s3 ls',
    'export SECRET_KEY=abcdefgh': 'export SECRET_KEY=•••',
    'DB_PASS=hunter22 npm start': 'DB_PASS=••• npm start',
    "PASSWORD='a b c' npm start": 'PASSWORD=••• npm start',
    '{"access_token": "a b"}': '{"access_token": •••}',
    'mysql --password hunter2 shop': 'mysql --password ••• shop',
    'curl -u ada:hunter2 https://shop.example': 'curl -u ada:••• https://shop.example',
    'curl -H "Authorization: Bearer abcdefghijklmnop"': 'curl -H "Authorization: Bearer •••"',
    'psql postgres://ada:hunt@r2@db/shop': 'psql postgres://ada:•••@db/shop',
    'gh auth ghp_abcdefghijklmnop': 'gh auth •••',
    'KEY=sk-ant-api03-abcdefghijklmnop': 'KEY=•••',
    '-----BEGIN RSA PRIVATE KEY----- MIIabc -----END': '-----BEGIN RSA PRIVATE KEY-----•••-----END',
  };
  for (const [text, masked] of Object.entries(MASKED)) {
    it(`is ${masked}`, () => assert.equal(withoutSecrets(text), masked));
  }

  it('is left as it is where there is none', () => {
    for (const text of [
      'npm test -- --token-file token.txt',
      'grep -rn password src',
      'May it add a token to the page?',
      'git push https://github.com/acme/shop',
    ]) {
      assert.equal(withoutSecrets(text), text);
    }
  });

  it('takes no longer where somebody means it to', function () {
    this.timeout(1000);
    for (const part of [' ', 'token ', 'sk-', '://a:', 'password ', 'x:', '-u a', 'eyJaaaaaaaa.']) {
      withoutSecrets(`password${part.repeat(20_000 / part.length)}x`);
    }
  });
});
