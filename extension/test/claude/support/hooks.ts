// Installs what takes long before the tests with the real Claude Code, and saves evidence after a failure.
import { existsSync } from 'node:fs';
import { vsCodeServer } from '../../../../tools/editor/vscode-server.ts';
import { vsix } from '../../package/support/vsix.ts';
import { findBrowser } from '../../workbench/install/chromium.ts';
import { openWorkbenches } from '../../workbench/launch.ts';
import { claudeCode, VERSIONS } from './claude-code.ts';

export const mochaHooks = {
  beforeAll(this: Mocha.Context): void {
    this.timeout(600_000);
    if (!existsSync(vsix)) throw new Error(`There is no ${vsix}. \`pnpm package\` makes it.`);
    const browser = findBrowser();
    if (!browser.found) {
      process.stdout.write(`skipped: ${browser.reason}\n`);
      this.skip();
    }
    vsCodeServer();
    for (const version of VERSIONS) claudeCode(version);
  },

  async afterEach(this: Mocha.Context): Promise<void> {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    const name = test.fullTitle().replaceAll(/\W+/g, '-').toLowerCase();
    for (const [index, workbench] of [...openWorkbenches].entries()) {
      process.stdout.write(`Evidence: ${await workbench.saveEvidence(`claude-${name}-${index}`)}\n`);
    }
  },
};
