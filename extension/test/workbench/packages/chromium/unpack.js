// Unpacks Chromium, its libraries, its font and its drawing in software into the folder that TMPDIR names: the package
// knows no other way to be told where. It runs in a process of its own, so that nobody else's TMPDIR changes.
import { inflate } from '@sparticuz/chromium';

const packed = new URL('../bin/', import.meta.resolve('@sparticuz/chromium'));
for (const name of ['chromium.br', 'al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br']) {
  // oxlint-disable-next-line typescript/no-unsafe-call -- The package is not installed where the linter looks.
  await inflate(new URL(name, packed).pathname);
}
