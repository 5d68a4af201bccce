// What both runners share: the built extension, the bundled tests, the example beside ours, an API and the way back to
// the terminal.
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { startControl } from '../workbench/api/control.ts';
import { LiveApi } from '../workbench/api/live-api.ts';
import { buildExtension } from '../workbench/build-extension.ts';
import { bundleSuite } from './bundle-suite.ts';
import { handsAt } from './hands.ts';

export interface SuiteRun extends AsyncDisposable {
  readonly entry: string;
  /** The folder of the extension of examples/, built. */
  readonly example: string;
  /** For the extension host. */
  readonly env: Readonly<Record<string, string>>;
  /** They connect the extension to the API beside it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Lets the tests answer questions in this window. They ask for it only where TEST_HANDS is set. */
  readonly giveHands: (page: Page) => void;
}

export async function prepareSuite(): Promise<SuiteRun> {
  const owned = new AsyncDisposableStack();
  try {
    return await prepareOwned(owned);
  } catch (error) {
    await owned.disposeAsync();
    throw error;
  }
}

async function prepareOwned(owned: AsyncDisposableStack): Promise<SuiteRun> {
  const { values } = parseArgs({ options: { grep: { type: 'string', short: 'g' } } });
  const tallyFile = process.env['TEST_TALLY_FILE'];
  buildExtension();
  const suite = owned.use(await bundleSuite());
  const api = owned.use(await LiveApi.start());
  const window = Promise.withResolvers<Page>();
  const control = owned.use(
    await startControl({
      api,
      print: (line) => process.stdout.write(`${line}\n`),
      hands: handsAt(window.promise),
    }),
  );
  return {
    entry: suite.entry,
    example: suite.example,
    giveHands: window.resolve,
    env: {
      CLAUDE_PROJECTS_API_KEY: api.key,
      TEST_CONTROL_URL: control.url,
      TEST_API_URL: api.url,
      TEST_API_KEY: api.key,
      TEST_COLOR: process.stdout.isTTY ? 'true' : 'false',
      ...(values.grep ? { TEST_GREP: values.grep } : {}),
      ...(tallyFile ? { TEST_TALLY_FILE: tallyFile } : {}),
    },
    settings: {
      'claudeProjects.server.mode': 'remote',
      'claudeProjects.apiBaseUrl': api.url,
      'claudeProjects.heartbeatIntervalSeconds': 10,
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
