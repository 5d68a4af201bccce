// Around all tests of the user interface: the extension is built, and a failure leaves a picture and the logs behind.
import { vsCodeServer } from '../../../../tools/editor/vscode-server.ts';
import { buildExtension } from '../../workbench/build-extension.ts';
import { findBrowser } from '../../workbench/install/chromium.ts';
import { openWorkbenches } from '../../workbench/launch.ts';

export const mochaHooks = {
  beforeAll(this: Mocha.Context): void {
    // What is installed once may take longer than any test should.
    this.timeout(600_000);
    const browser = findBrowser();
    if (!browser.found) {
      process.stdout.write(`skipped: ${browser.reason}\n`);
      this.skip();
    }
    vsCodeServer();
    buildExtension();
  },

  async afterEach(this: Mocha.Context): Promise<void> {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    const name = test.fullTitle().replaceAll(/\W+/g, '-').toLowerCase();
    for (const [index, workbench] of [...openWorkbenches].entries()) {
      const folder = await workbench.saveEvidence(`ui-${name}${index === 0 ? '' : `-${index}`}`);
      process.stdout.write(`A picture and the logs are in ${folder}\n`);
    }
  },
};
