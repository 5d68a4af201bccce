import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { SECRETS } from '../../api/src/lambda/linked-secrets.ts';
import { EmbeddedMetrics } from '../../api/src/metrics/embedded-metrics.ts';
import { type Evaluation, EvaluationError, evaluate, type Secrets } from './evaluate.ts';
import { type EvaluationWorkspace, evaluationWorkspace } from './evaluation-workspace.ts';
import { EXPECTATIONS, type Stage, seriesOf } from './expectations.ts';
import { PLANTED } from './planted-mistakes.ts';
import { CONFIG, installedPlatform } from './platform.ts';

const run = promisify(execFile);
const api = resolve(import.meta.dirname, '../../api/src');
const ours = readFileSync(CONFIG, 'utf8');
const secrets: Secrets = { MongoDBUri: 'mongodb://database.example', ApiKeys: 'one,another' };
const STAGES: readonly Stage[] = ['dev', 'staging', 'production'];

let workspace: EvaluationWorkspace;
before(async function () {
  // The first time on a machine, SST's components come from npm.
  this.timeout(15 * 60_000);
  workspace = await evaluationWorkspace(installedPlatform());
});
after(() => workspace?.[Symbol.dispose]());

describe('sst.config.ts', () => {
  for (const stage of STAGES) {
    describe(`in ${stage}`, () => {
      let evaluation: Evaluation;
      before(async () => {
        evaluation = await evaluate(workspace, workspace.write(ours), stage, secrets);
      });
      for (const [title, expectation] of Object.entries(EXPECTATIONS)) it(title, () => expectation(evaluation, stage));
    });
  }

  it('draws every metric that the functions write, by the name they write it under', async () => {
    const lines: string[] = [];
    const metrics = new EmbeddedMetrics(
      { write: (line: string) => lines.push(line) },
      { now: () => new Date('2026-01-01T00:00:00Z') },
      'dev',
    );
    metrics.requestAnswered('/health', 'GET', 200);
    metrics.heartbeatHandled(1);
    metrics.queryEnded('ping', 1);
    await metrics.close(async () => ({ active: 1, stalled: 1, offlineMachines: 1, jobs: [] }));
    const evaluation = await evaluate(workspace, workspace.write(ours), 'dev', secrets);
    const drawn = seriesOf(evaluation).filter(([namespace]) => namespace === 'ClaudeProjects');
    const names = drawn.map((series) => series.filter((part) => typeof part === 'string').join(' '));
    assert.deepEqual(names.toSorted(), writtenSeries(lines).toSorted());
  });

  it('counts sentences that the API writes', () => {
    const sources = readdirSync(api, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(api, file), 'utf8'))
      .join('\n');
    const sentences = [...ours.matchAll(/\$\.message = "([^"]+)"/g)].map(([, sentence = '']) => sentence);
    assert.deepEqual(sentences, ['Database connection failed', 'Database circuit opened', 'Job ran']);
    for (const sentence of sentences) assert.ok(sources.includes(`'${sentence}'`), sentence);
  });

  it('asks for the secrets that the functions read', () => {
    assert.deepEqual(/SECRETS = (\[.*\])/.exec(ours)?.[1], `['${Object.keys(SECRETS).join("', '")}']`);
  });

  it('refuses a stage without secrets, and names all of them', async () => {
    await refuses('production', {}, [/MongoDBUri, ApiKeys/, /secret set MongoDBUri --stage production/]);
  });

  for (const missing of Object.keys(secrets)) {
    it(`refuses a stage without ${missing}, and names it alone`, async () => {
      const others = Object.fromEntries(Object.entries(secrets).filter(([name]) => name !== missing));
      await refuses('dev', others, [new RegExp(`missing: ${missing}\\.`)]);
    });
  }

  it('refuses a stage that there is not', async () => {
    await refuses('prod', secrets, [/no stage "prod": choose dev, staging, production/]);
  });
});

describe('the types of sst.config.ts', () => {
  it('are sound', async () => assert.equal(await typeErrors(ours), ''));

  const mistakes = {
    'a memory without a unit': ["memory: '512 MB'", 'memory: 512'],
    'a runtime that there is not': ["runtime: 'nodejs24.x'", "runtime: 'node24'"],
    'an option with a slip in it': ['throttlingBurstLimit', 'throttleBurstLimit'],
    'a component that there is not': ['new sst.aws.CronV2', 'new sst.aws.CronV3'],
    'a figure given as text': ['evaluationPeriods: 2', "evaluationPeriods: 'two'"],
    'a removal that there is not': ["'retain'", "'keep'"],
  } as const;
  for (const [title, [from, to]] of Object.entries(mistakes)) {
    it(`find ${title}`, async () => assert.match(await typeErrors(planted(from, to)), /sst\.config\.ts/));
  }
});

describe('the expectations bite on', () => {
  for (const [title, [from, to]] of Object.entries(PLANTED)) {
    it(title, async () => {
      const file = workspace.write(planted(from, to));
      const evaluation = await evaluate(workspace, file, 'production', secrets);
      assert.throws(() => {
        for (const expectation of Object.values(EXPECTATIONS)) expectation(evaluation, 'production');
      }, assert.AssertionError);
    });
  }
});

function planted(from: string, to: string): string {
  assert.ok(ours.includes(from), `there is no ${from} any more`);
  return ours.replace(from, () => to);
}

async function refuses(stage: string, given: Secrets, sentences: readonly RegExp[]): Promise<void> {
  await assert.rejects(evaluate(workspace, workspace.write(ours), stage, given), (error) => {
    assert.ok(error instanceof EvaluationError);
    for (const sentence of sentences) assert.match(error.message, sentence);
    return true;
  });
}

/** What the compiler says of a configuration; empty where it is content. */
async function typeErrors(configuration: string): Promise<string> {
  const file = workspace.write(configuration.replace('./.sst/platform', '../.sst/platform'));
  const project = join(file, '..', 'tsconfig.json');
  writeFileSync(
    project,
    JSON.stringify({
      compilerOptions: {
        target: 'es2023',
        lib: ['es2024'],
        module: 'esnext',
        moduleResolution: 'bundler',
        // No stricter: SST's own sources are compiled along.
        strict: true,
        skipLibCheck: true,
        noEmit: true,
        types: ['node'],
        typeRoots: [join(workspace.folder, 'node_modules/@types')],
      },
      files: [file],
    }),
  );
  try {
    await run('tsc', ['-p', project], { cwd: workspace.folder, timeout: 180_000, maxBuffer: 64 * 1024 * 1024 });
    return '';
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && typeof error.stdout === 'string') return error.stdout;
    throw error;
  }
}

function writtenSeries(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const namespace = /"Namespace":"(\w+)"/.exec(line)?.[1];
    const service = /"service":"([\w-]+)"/.exec(line)?.[1];
    const stage = /"stage":"(\w+)"/.exec(line)?.[1];
    return [...line.matchAll(/"Name":"(\w+)"/g)].map(
      ([, name]) => `${namespace} ${name} service ${service} stage ${stage}`,
    );
  });
}
