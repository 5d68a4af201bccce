// Writes the API's OpenAPI document to docs/openapi.json; with `--check` only says whether the file is current.
//   node --import ../tools/typescript-loader.ts build/write-openapi.ts [--check] [another file]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openApiDocument } from '../src/docs/openapi.ts';

const { values, positionals } = parseArgs({ options: { check: { type: 'boolean' } }, allowPositionals: true });
const [named] = positionals;
const file = named ?? fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));
const current = `${JSON.stringify(openApiDocument(), null, 2)}\n`;

if (!values.check) {
  writeFileSync(file, current);
} else if (!existsSync(file) || readFileSync(file, 'utf8') !== current) {
  console.error(
    `${named ?? 'docs/openapi.json'} is not what the contract says today. In api/, run: node --import ../tools/typescript-loader.ts build/write-openapi.ts`,
  );
  process.exitCode = 1;
}
