// `pnpm --filter api bench [suite …] [--seconds n] [--rounds n] [--quick] [--server file] [--no-write] [--check]`
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Workshop } from './processes/workshop.ts';
import { circumstances, markdown } from './report.ts';
import { cost } from './suites/cost.ts';
import { functions } from './suites/functions.ts';
import { growth } from './suites/growth.ts';
import { growthMongo } from './suites/growth-mongo.ts';
import { hook } from './suites/hook.ts';
import { soak } from './suites/soak.ts';
import { startUp } from './suites/start-up.ts';
import type { Suite } from './suites/suite.ts';
import { throughput } from './suites/throughput.ts';
import { throughputMongo } from './suites/throughput-mongo.ts';
import { writeResults } from './write-results.ts';

const SUITES: readonly Suite[] = [
  throughput,
  throughputMongo,
  growth,
  growthMongo,
  startUp,
  functions,
  cost,
  hook,
  soak,
];
const OVER_MONGODB: ReadonlySet<Suite> = new Set([throughputMongo, growthMongo]);
const SOAK_SECONDS = 600;
const RESULTS = resolve(import.meta.dirname, '../../docs/benchmarks.md');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    /** Measures another bundle of the API than the one built now. */
    server: { type: 'string' },
    'no-write': { type: 'boolean', default: false },
    /** Ends with exit code 1 if a goal was missed, for whoever guards what was reached. */
    check: { type: 'boolean', default: false },
  },
});
const chosen = chooseSuites(positionals);
await using workshop = await Workshop.open(values.server, [...new Set(chosen.flatMap(({ floors }) => floors))]);
const missed: string[] = [];
for (const suite of chosen) missed.push(...(await runSuite(suite)));
if (values.check && missed.length > 0) {
  console.error(`Missed:\n${missed.join('\n')}`);
  process.exitCode = 1;
}

function chooseSuites(names: readonly string[]): Suite[] {
  const unknown = names.find((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    throw new Error(`There is no suite ${unknown}; there are ${SUITES.map(({ name }) => name).join(', ')}.`);
  }
  return SUITES.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** The goals it missed. */
async function runSuite(suite: Suite): Promise<string[]> {
  const mongodbUri = process.env['MONGODB_URI'] || undefined;
  if (OVER_MONGODB.has(suite) && mongodbUri === undefined) {
    console.log(`${suite.name}: left out, MONGODB_URI is not set`);
    return [];
  }
  const usual = suite === soak ? (values.quick ? 30 : SOAK_SECONDS) : values.quick ? 3 : 8;
  const result = await suite.run({
    workshop,
    seconds: Number(values.seconds ?? usual),
    rounds: Number(values.rounds ?? (values.quick ? 3 : 5)),
    quick: values.quick,
    mongodbUri,
    progress: (message) => console.log(`  ${message}`),
  });
  const text = `## ${suite.name}\n\n${circumstances(new Date())}\n\n${markdown(result)}`;
  console.log(`\n${text}\n`);
  if (!values['no-write']) writeResults(RESULTS, suite.name, text);
  return result.goals
    .filter(({ reached }) => !reached)
    .map((goal) => `- ${suite.name}: ${goal.text} (${goal.measured})`);
}
