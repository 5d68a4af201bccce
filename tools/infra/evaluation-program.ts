// Runs in a process of its own: SST's components register what they would create with a Pulumi that only takes notes,
// and this writes the notes down.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Bag = Record<string, unknown>;

interface Configuration {
  app(input: { stage: string }): Bag;
  run(): Promise<Bag>;
}

/** What is used of Pulumi and of SST, neither of which is a dependency of ours. */
interface Components {
  /** What SST's command line makes global for a configuration. */
  readonly shim: Bag;
  readonly aws: Bag;
  readonly random: Bag;
  readonly sst: Bag;
  readonly run: (program: () => Promise<Bag>) => Promise<Bag>;
  readonly util: {
    output(value: unknown): { apply(then: (value: unknown) => void): unknown };
    runtime: {
      setMocks(mocks: object, project: string, stack: string, preview: boolean): Promise<void>;
      runInPulumiStack(program: () => Promise<Bag>): Promise<unknown>;
      disconnect(): Promise<void>;
      registerStackTransformation(transformation: (resource: Registered) => undefined): void;
    };
  };
}

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly opts: { readonly retainOnDelete?: boolean };
}

interface Created {
  readonly type: string;
  readonly name: string;
  readonly id?: string;
  readonly inputs: Bag;
}

const ACCOUNT = '123456789012';

const [file = '', stage = '', resultFile = '', componentsFile = ''] = process.argv.slice(2);
process.on('unhandledRejection', fail);
process.on('uncaughtException', fail);
await evaluate().then(finish, fail);

function finish(result: Bag): void {
  writeFileSync(resultFile, JSON.stringify(result));
  process.exit(0);
}

function fail(error: unknown): void {
  finish({ error: error instanceof Error ? error.message : String(error) });
}

async function evaluate(): Promise<Bag> {
  const work = join(file, '..', `.sst-${stage}`);
  const builds: unknown[] = [];
  process.env['SST_SERVER'] = await answerAsSst(work, builds);
  Object.assign(globalThis, { $config: (configuration: unknown) => configuration });
  const { default: configuration } = await load<{ default: Configuration }>(file);
  const app = { ...configuration.app({ stage }), stage };
  const paths = { home: work, root: join(file, '..'), work, platform: join(file, '../../.sst/platform') };
  const $cli = { command: 'deploy', dev: false, paths, state: { version: {} } };
  // The components ask for these as soon as they are loaded.
  Object.assign(globalThis, { $app: app, $dev: false, $cli });
  const { util, run, shim, aws, random, sst } = await load<Components>(componentsFile);
  Object.assign(globalThis, { ...shim, $config: undefined, aws, random, sst });

  const resources: Bag[] = [];
  const options = new Map<string, Registered['opts']>();
  let outputs: Bag = {};
  await util.runtime.setMocks(notes(resources), 'claude-projects', stage, false);
  await util.runtime.runInPulumiStack(async () => {
    outputs = await run(async () => {
      util.runtime.registerStackTransformation(({ type, name, opts }) => {
        options.set(`${type} ${name}`, opts);
        return undefined;
      });
      return configuration.run();
    });
    return outputs;
  });
  // Else what depends on something that is still being registered would be missing.
  await util.runtime.disconnect();
  const settled = Object.entries(outputs).map(
    async ([name, value]): Promise<[string, unknown]> => [
      name,
      await new Promise((resolve) => util.output(value).apply(resolve)),
    ],
  );
  return {
    app,
    builds,
    outputs: Object.fromEntries(await Promise.all(settled)),
    resources: resources.map((resource) => ({
      ...resource,
      retained: options.get(`${String(resource['type'])} ${String(resource['name'])}`)?.retainOnDelete ?? false,
    })),
  };
}

async function load<T>(path: string): Promise<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller knows which file it names
  return (await import(pathToFileURL(path).href)) as T;
}

/** AWS's provider says nothing of statements where there are none, and SST goes by that. */
function policyDocument({ statements, ...inputs }: Bag): Bag {
  const said = Array.isArray(statements) && statements.length > 0 ? { ...inputs, statements } : inputs;
  return { ...said, json: JSON.stringify(plain(said)) };
}

/** Pulumi's mocks: every resource is noted, and has what AWS would have made up. */
function notes(resources: Bag[]): object {
  return {
    newResource({ type, name, id, inputs }: Created) {
      resources.push({ type, name, inputs: plain(inputs) });
      const state: Bag = { name, arn: `arn:aws:mock:us-east-1:${ACCOUNT}:${name}`, ...inputs, ...madeUp(type, inputs) };
      return { id: id || `${name}-id`, state };
    },
    call({ token, inputs }: { token: string; inputs: Bag }) {
      if (token.startsWith('aws:index/getRegion')) return { region: 'us-east-1', id: 'us-east-1' };
      if (token.startsWith('aws:index/getPartition')) return { partition: 'aws' };
      if (token.startsWith('aws:index/getCallerIdentity')) return { accountId: ACCOUNT };
      if (token.startsWith('aws:iam/getPolicyDocument')) return policyDocument(inputs);
      return inputs;
    },
  };
}

function madeUp(type: string, inputs: Bag): Bag {
  switch (type) {
    case 'aws:acm/certificate:Certificate':
      return {
        domainValidationOptions: [
          {
            domainName: inputs['domainName'],
            resourceRecordName: '_proof.example',
            resourceRecordType: 'CNAME',
            resourceRecordValue: 'proof.example',
          },
        ],
      };
    case 'aws:apigatewayv2/api:Api':
      return {
        apiEndpoint: 'https://gateway.execute-api.us-east-1.amazonaws.com',
        executionArn: `arn:aws:execute-api:us-east-1:${ACCOUNT}:gateway`,
      };
    case 'aws:cloudfront/distribution:Distribution':
      return { domainName: 'edge.cloudfront.net', hostedZoneId: 'EDGE', etag: 'etag' };
    case 'pulumi-nodejs:dynamic:Resource':
      return { zoneId: 'ZONE', isDone: true };
    case 'random:index/randomPassword:RandomPassword':
      return { result: 'a-token-of-forty-characters-for-the-edge' };
    case 'random:index/randomBytes:RandomBytes':
      return { base64: Buffer.alloc(32).toString('base64') };
    default:
      return {};
  }
}

/** Pulumi wraps what is secret; a test wants to see it. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('4dabf18193072939515e22adb298388d' in value && 'value' in value) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

/** SST's components ask their command line to build functions, and where its bucket is. */
function answerAsSst(work: string, builds: unknown[]): Promise<string> {
  const answer = (method: string, argument: Bag): Bag | undefined => {
    if (method === 'Provider.Aws.Bootstrap') return { asset: 'asset-bucket', state: 'state-bucket' };
    if (method !== 'Runtime.Build') return undefined;
    builds.push(argument);
    const out = join(work, 'built', String(argument['functionID']));
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'index.mjs'), 'export const handler = () => undefined;\n');
    return { handler: argument['handler'], out, errors: [], sourcemaps: [] };
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const { method, params } = asCall(JSON.parse(body));
      const result = answer(method, params[0]);
      response.end(JSON.stringify(result ? { result } : { error: `rpc: can't find ${method}` }));
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'string' || !address) throw new Error('the server listens on no port');
      resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}

interface Call {
  readonly method: string;
  readonly params: readonly [Bag];
}

function asCall(value: unknown): Call {
  if (!isCall(value)) throw new TypeError(`not a call of SST's: ${JSON.stringify(value)}`);
  return value;
}

function isCall(value: unknown): value is Call {
  return (
    typeof value === 'object' &&
    value !== null &&
    'method' in value &&
    typeof value.method === 'string' &&
    'params' in value &&
    Array.isArray(value.params) &&
    typeof value.params[0] === 'object'
  );
}
