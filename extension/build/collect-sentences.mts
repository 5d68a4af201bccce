// Writes the bundle that translators work from: `l10n/bundle.l10n.json`. A test fails while it is out of date.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sentencesIn } from './sentences.mts';

const extension = join(import.meta.dirname, '..');
const bundle = Object.fromEntries(sentencesIn(join(extension, 'src')).map((sentence) => [sentence, sentence]));
mkdirSync(join(extension, 'l10n'), { recursive: true });
writeFileSync(join(extension, 'l10n/bundle.l10n.json'), `${JSON.stringify(bundle, null, 2)}\n`);
