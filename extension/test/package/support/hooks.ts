// Around the tests of the package: what takes long is installed first, and a failure leaves a picture and the logs.
import { existsSync } from 'node:fs';
import { vsCodeServer } from '../../../../tools/editor/vscode-server.ts';
import { findBrowser } from '../../workbench/install/chromium.ts';
import { openWorkbenches } from '../../workbench/launch.ts';
import { vsix } from './vsix.ts';

export const mochaHooks = {
  beforeAll(this: Mocha.Context): void {
    this.timeout(600_000);
    if (!existsSync(vsix)) throw new Error(`There is no ${vsix}. \`pnpm package\` makes it.`);
    if (findBrowser().found) vsCodeServer();
  },

  async afterEach(this: Mocha.Context): Promise<void> {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    const name = test.fullTitle().replaceAll(/\W+/g, '-').toLowerCase();
    for (const workbench of openWorkbenches) {
      process.stdout.write(`A picture and the logs are in ${await workbench.saveEvidence(`package-${name}`)}\n`);
    }
  },
};
