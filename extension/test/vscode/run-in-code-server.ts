// `pnpm test:vscode [-g <title>]`: runs the *.vscode.ts files inside a real extension host, with npm packages only.

import { findBrowser } from '../workbench/install/chromium.ts';
import { type LaunchedWorkbench, launchWorkbench } from '../workbench/launch.ts';
import { skipSuite } from '../workbench/skip-suite.ts';
import { prepareSuite } from './suite-run.ts';

const limitSeconds = Number(process.env['VSCODE_TEST_TIMEOUT_SECONDS'] ?? 300);

const browser = findBrowser();
if (browser.found) process.exitCode = await runSuite();
else skipSuite(`the extension in VS Code (${browser.reason})`);

async function runSuite(): Promise<number> {
  const owned = new AsyncDisposableStack();
  try {
    const suite = owned.use(await prepareSuite());
    const workbench = owned.use(
      await launchWorkbench({
        tests: suite.entry,
        others: [suite.example],
        env: { ...suite.env, TEST_HANDS: 'true' },
        settings: suite.settings,
      }),
    );
    suite.giveHands(workbench.page);
    const problem = await untilDone(workbench);
    if (problem === undefined) return 0;
    process.stderr.write(`\n${problem}\nA picture and the logs are in ${await workbench.saveEvidence('vscode')}\n`);
    return 1;
  } finally {
    await owned.disposeAsync();
  }
}

/** What went wrong, if anything did. */
async function untilDone(workbench: LaunchedWorkbench): Promise<string | undefined> {
  const limit = Promise.withResolvers<string>();
  const timer = setTimeout(
    () => limit.resolve(`The tests did not end within ${limitSeconds} s (VSCODE_TEST_TIMEOUT_SECONDS).`),
    limitSeconds * 1000,
  );
  try {
    return await Promise.race([
      workbench.untilTestsEnd().then((code) => (code === 0 ? undefined : 'Not all tests passed in the editor.')),
      workbench.untilBroken(),
      limit.promise,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
