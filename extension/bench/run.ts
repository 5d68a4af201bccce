// `pnpm bench:extension`: measures the extension against its quality bars, and ends with exit code 1 if it misses one.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { buildExtension } from '../test/workbench/build-extension.ts';
import { extensionFolder } from '../test/workbench/launch.ts';
import { measureActivation } from './activation.ts';
import { measureHeartbeatTick } from './heartbeat-tick.ts';
import { measureTreeRebuild } from './tree-rebuild.ts';

interface Bar {
  readonly name: string;
  readonly limit: number;
  readonly unit: 'KB' | 'ms';
  /** Or why it cannot be measured here. */
  readonly measured: number | string;
}

buildExtension();
const bars = await measureAll();
print(bars);
if (bars.some(isMissed)) process.exitCode = 1;

async function measureAll(): Promise<readonly Bar[]> {
  const activation = await measureActivation();
  return [
    {
      name: 'bundle, minified',
      limit: 300,
      unit: 'KB',
      measured: statSync(join(extensionFolder, manifest.main)).size / 1024,
    },
    {
      name: 'activate(), median of 5 windows',
      limit: 50,
      unit: 'ms',
      measured: 'ms' in activation ? activation.ms : activation.unmeasured,
    },
    { name: 'tree of 1,000 sessions rebuilt', limit: 30, unit: 'ms', measured: measureTreeRebuild(1000) },
    { name: 'heartbeat of 200 sessions, CPU', limit: 20, unit: 'ms', measured: await measureHeartbeatTick() },
  ];
}

function isMissed({ limit, measured }: Bar): boolean {
  return typeof measured === 'number' && !(measured <= limit);
}

function print(bars: readonly Bar[]): void {
  const width = Math.max(...bars.map(({ name }) => name.length));
  for (const bar of bars) {
    const { name, limit, unit, measured } = bar;
    const value = typeof measured === 'number' ? `${measured.toFixed(1)} ${unit}` : `n/a (${measured})`;
    const verdict = isMissed(bar) ? '  MISSED' : '';
    process.stdout.write(`${name.padEnd(width)}  at most ${limit} ${unit}  ${value.padStart(9)}${verdict}\n`);
  }
}
