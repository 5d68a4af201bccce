// Every figure of sst.config.ts, said a second time: a change of one that was not meant is found here.
import assert from 'node:assert/strict';
import { EDGE_HEADERS } from '../../api/src/lambda/gateway-event.ts';
import { type Bag, type Evaluation, isBag, type Resource } from './evaluate.ts';

export type Stage = 'dev' | 'staging' | 'production';

const DOMAIN = 'claude-projects.truapi.com';
const GATEWAY_HOST = 'gateway.execute-api.us-east-1.amazonaws.com';
const EDGE_TOKEN = 'a-token-of-forty-characters-for-the-edge';
const arn = (name: string) => `arn:aws:mock:us-east-1:123456789012:${name}`;

export type Expectation = (evaluation: Evaluation, stage: Stage) => void;

/** By what they say of a stage. */
export const EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  'is protected and retained in production, and goes without a trace elsewhere': ({ app }, stage) => {
    const production = stage === 'production';
    assert.deepEqual(app, {
      name: 'claude-projects',
      stage,
      version: '4.17.1',
      home: 'aws',
      removal: production ? 'retain' : 'remove',
      protect: production,
      providers: {
        aws: {
          version: '7.20.0',
          region: 'us-east-1',
          defaultTags: { tags: { app: 'claude-projects', stage } },
        },
        random: '4.16.6',
      },
    });
  },

  'creates these resources and no other': ({ resources }, stage) => {
    const production = stage === 'production';
    const counted = Map.groupBy(
      resources.filter(({ type }) => type.startsWith('aws:') || type.startsWith('random:')),
      ({ type }) => type.split(':').at(-1) ?? type,
    );
    assert.deepEqual(Object.fromEntries([...counted].map(([type, found]) => [type, found.length])), {
      Api: 1,
      BucketObjectv2: 3,
      Dashboard: 1,
      Function: production ? 4 : 3,
      FunctionEventInvokeConfig: 2,
      HealthCheck: 1,
      Integration: 1,
      LogGroup: 4,
      LogMetricFilter: 10,
      MetricAlarm: 7,
      Permission: 1,
      RandomBytes: 1,
      Role: 5,
      Route: 1,
      Schedule: 2,
      Stage: 1,
      Topic: 1,
      ...(production && { Certificate: 1, CertificateValidation: 1, Distribution: 1, RandomPassword: 1, Record: 3 }),
    });
  },

  'builds each function from its own bundle, with both secrets': ({ builds }) => {
    const expected = { ApiFunction: 'lambda', CleanupHandler: 'cleanup', FailureDetectionHandler: 'detect-failures' };
    assert.deepEqual(
      Object.fromEntries(
        builds.map(({ functionID, bundle, handler, links }) => [functionID, [bundle, handler, keysOf(links)]]),
      ),
      Object.fromEntries(
        Object.entries(expected).map(([name, folder]) => [
          name,
          [`api/dist/${folder}`, 'index.handler', ['ApiKeys', 'MongoDBUri']],
        ]),
      ),
    );
  },

  'runs the functions on Node 24 and arm64 with 512 MB and 30 s': ({ resources }, stage) => {
    const functions = {
      ApiFunction: 'api',
      CleanupHandler: 'cleanup',
      FailureDetectionHandler: 'detect-failures',
    };
    for (const [component, purpose] of Object.entries(functions)) {
      const name = `claude-projects-${stage}-${purpose}`;
      const { inputs } = one(resources, 'aws:lambda/function:Function', `${component}Function`);
      assert.deepEqual(
        picked(inputs, [
          'name',
          'runtime',
          'architectures',
          'memorySize',
          'timeout',
          'handler',
          'loggingConfig',
          'role',
        ]),
        {
          name,
          runtime: 'nodejs24.x',
          architectures: ['arm64'],
          memorySize: 512,
          timeout: 30,
          handler: 'index.handler',
          loggingConfig: { logFormat: 'Text', logGroup: `/aws/lambda/${name}` },
          role: arn(`${component}Role`),
        },
      );
      const variables = bag(bag(inputs['environment'])['variables']);
      assert.deepEqual(
        Object.fromEntries(Object.entries(variables).filter(([variable]) => !variable.startsWith('SST_'))),
        {
          NODE_ENV: 'production',
          LOG_LEVEL: 'info',
          STAGE: stage,
          ...(purpose === 'api' && { EDGE_TOKEN: stage === 'production' ? EDGE_TOKEN : '' }),
        },
      );
    }
  },

  'lets each function write its own log, the scheduler call its function, and nobody do anything else': ({
    resources,
  }) => {
    const ownLog = (logs: string) => ({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: `${arn(logs)}:*`,
        },
      ],
    });
    const callOf = (name: string) => ({ statements: [{ actions: ['lambda:InvokeFunction'], resources: [arn(name)] }] });
    const roles = all(resources, 'aws:iam/role:Role').map(({ name, inputs }) => [
      name,
      {
        takenBy: servicesOf(inputs['assumeRolePolicy']),
        managed: inputs['managedPolicyArns'] ?? [],
        inline: policiesOf(inputs['inlinePolicies']),
      },
    ]);
    const lambda = { takenBy: ['lambda.amazonaws.com'], managed: [] };
    const scheduler = { takenBy: ['scheduler.amazonaws.com'], managed: [] };
    assert.deepEqual(Object.fromEntries(roles), {
      ApiFunctionRole: { ...lambda, inline: [ownLog('ApiLogs')] },
      CleanupHandlerRole: { ...lambda, inline: [ownLog('CleanupLogs')] },
      FailureDetectionHandlerRole: { ...lambda, inline: [ownLog('FailureDetectionLogs')] },
      CleanupRole: { ...scheduler, inline: [callOf('CleanupHandlerFunction')] },
      FailureDetectionRole: { ...scheduler, inline: [callOf('FailureDetectionHandlerFunction')] },
    });
    const { inputs } = only(resources, 'aws:lambda/permission:Permission');
    assert.deepEqual(picked(inputs, ['action', 'principal', 'function', 'sourceArn']), {
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      function: arn('ApiFunctionFunction'),
      sourceArn: 'arn:aws:execute-api:us-east-1:123456789012:gateway/*',
    });
  },

  'keeps all logs for 30 days, and after the stage in production only': ({ resources }, stage) => {
    const groups = all(resources, 'aws:cloudwatch/logGroup:LogGroup').map(({ name, inputs, retained }) => [
      name,
      inputs['retentionInDays'],
      retained,
    ]);
    const retained = stage === 'production';
    assert.deepEqual(groups, [
      ['ApiAccessLog', 30, retained],
      ['ApiLogs', 30, retained],
      ['CleanupLogs', 30, retained],
      ['FailureDetectionLogs', 30, retained],
    ]);
  },

  'takes requests over an HTTP API with CORS, and throttles them': ({ resources }) => {
    const { inputs } = only(resources, 'aws:apigatewayv2/api:Api');
    assert.equal(inputs['protocolType'], 'HTTP');
    assert.deepEqual(inputs['corsConfiguration'], {
      allowOrigins: ['*'],
      allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      allowHeaders: ['authorization', 'content-type', 'if-none-match', 'x-api-key', 'x-request-id'],
      exposeHeaders: [
        'etag',
        'retry-after',
        'x-ratelimit-limit',
        'x-ratelimit-remaining',
        'x-ratelimit-reset',
        'x-request-id',
      ],
      allowCredentials: false,
      maxAge: 86_400,
    });
    const stage = only(resources, 'aws:apigatewayv2/stage:Stage').inputs;
    assert.deepEqual(picked(stage, ['name', 'autoDeploy', 'defaultRouteSettings']), {
      name: '$default',
      autoDeploy: true,
      defaultRouteSettings: { throttlingBurstLimit: 200, throttlingRateLimit: 100 },
    });
    const log = bag(stage['accessLogSettings']);
    assert.equal(log['destinationArn'], arn('ApiAccessLog'));
    for (const field of ['requestId', 'httpMethod', 'path', 'status', 'responseLatency', 'ip'])
      assert.ok(field in bag(parsed(log['format'])), `the access log has no ${field}`);
    assert.deepEqual(
      picked(only(resources, 'aws:apigatewayv2/route:Route').inputs, ['routeKey', 'authorizationType']),
      {
        routeKey: '$default',
        authorizationType: 'NONE',
      },
    );
    const integration = only(resources, 'aws:apigatewayv2/integration:Integration').inputs;
    assert.deepEqual(picked(integration, ['integrationType', 'integrationUri', 'payloadFormatVersion']), {
      integrationType: 'AWS_PROXY',
      integrationUri: arn('ApiFunctionFunction'),
      payloadFormatVersion: '2.0',
    });
  },

  'has the domain, TLS 1.2 and the way from http to https in production only': ({ resources }, stage) => {
    if (stage !== 'production') {
      assert.deepEqual(all(resources, 'aws:cloudfront/distribution:Distribution'), []);
      assert.deepEqual(all(resources, 'aws:route53/record:Record'), []);
      return;
    }
    const { inputs } = only(resources, 'aws:cloudfront/distribution:Distribution');
    assert.deepEqual(inputs, {
      aliases: [DOMAIN],
      comment: 'claude-projects-production API',
      enabled: true,
      httpVersion: 'http2and3',
      isIpv6Enabled: true,
      waitForDeployment: false,
      origins: [
        {
          originId: 'gateway',
          domainName: GATEWAY_HOST,
          customHeaders: [{ name: EDGE_HEADERS.token, value: EDGE_TOKEN }],
          customOriginConfig: {
            httpPort: 80,
            httpsPort: 443,
            originProtocolPolicy: 'https-only',
            originSslProtocols: ['TLSv1.2'],
            originReadTimeout: 30,
          },
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: 'gateway',
        viewerProtocolPolicy: 'redirect-to-https',
        allowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'],
        cachedMethods: ['GET', 'HEAD'],
        cachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        originRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
        functionAssociations: [{ eventType: 'viewer-request', functionArn: arn('ViewerAddress') }],
      },
      // All that CloudFront would otherwise keep for 10 s.
      customErrorResponses: [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504].map((errorCode) => ({
        errorCode,
        errorCachingMinTtl: 0,
      })),
      restrictions: { geoRestriction: { restrictionType: 'none' } },
      viewerCertificate: {
        acmCertificateArn: arn('EdgeSslCertificate'),
        minimumProtocolVersion: 'TLSv1.2_2021',
        sslSupportMethod: 'sni-only',
      },
    });
    const certificate = only(resources, 'aws:acm/certificate:Certificate').inputs;
    assert.deepEqual([certificate['domainName'], certificate['validationMethod']], [DOMAIN, 'DNS']);
    const records = all(resources, 'aws:route53/record:Record').map(({ inputs }) => [
      inputs['type'],
      inputs['name'],
      Array.isArray(inputs['aliases']) ? bag(inputs['aliases'][0])['name'] : inputs['records'],
    ]);
    assert.deepEqual(records, [
      ['AAAA', DOMAIN, 'edge.cloudfront.net'],
      ['A', DOMAIN, 'edge.cloudfront.net'],
      ['CNAME', '_proof.example', ['proof.example']],
    ]);
    const token = only(resources, 'random:index/randomPassword:RandomPassword').inputs;
    assert.deepEqual(token, { length: 40, special: false });
    const edge = only(resources, 'aws:cloudfront/function:Function').inputs;
    assert.equal(edge['runtime'], 'cloudfront-js-2.0');
    assert.deepEqual(
      String(edge['code']).match(/headers\['([^']+)'\] = \{ value: event\.viewer\.ip \}/)?.[1],
      EDGE_HEADERS.viewer,
    );
    for (const name of Object.values(EDGE_HEADERS))
      assert.doesNotMatch(name, /^x-(?:edge|amzn?)-/, 'a name CloudFront refuses');
  },

  'looks for failures every 2 minutes and cleans up at 02:00 UTC, each tried three times at most': ({ resources }) => {
    const retries = { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 300 };
    const schedules = all(resources, 'aws:scheduler/schedule:Schedule').map(({ inputs }) => {
      const target = bag(inputs['target']);
      return {
        ...picked(inputs, ['scheduleExpression', 'scheduleExpressionTimezone', 'state', 'flexibleTimeWindow']),
        ...picked(target, ['arn', 'roleArn', 'retryPolicy']),
      };
    });
    const everyTime = {
      scheduleExpressionTimezone: 'UTC',
      state: 'ENABLED',
      flexibleTimeWindow: { mode: 'OFF' },
      retryPolicy: retries,
    };
    assert.deepEqual(schedules, [
      {
        ...everyTime,
        scheduleExpression: 'cron(0 2 * * ? *)',
        arn: arn('CleanupHandlerFunction'),
        roleArn: arn('CleanupRole'),
      },
      {
        ...everyTime,
        scheduleExpression: 'rate(2 minutes)',
        arn: arn('FailureDetectionHandlerFunction'),
        roleArn: arn('FailureDetectionRole'),
      },
    ]);
    const calls = all(resources, 'aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig');
    for (const { inputs } of calls)
      assert.deepEqual(picked(inputs, ['maximumRetryAttempts', 'maximumEventAgeInSeconds']), retries);
  },

  'counts what the logs tell': ({ resources }, stage) => {
    const patterns = {
      DatabaseConnectionErrors:
        '{ ($.message = "Database connection failed") || ($.message = "Database circuit opened") || ($.database_up = 0) }',
      ErrorLines: '{ $.level = "ERROR" }',
      'ErrorLines-2': '?"Init Error" ?"Invoke Error" ?"Task timed out" ?"Runtime exited"',
      FailureDetectionRuns: '{ ($.message = "Job ran") && ($.context.job_name = "detect-failures") }',
    };
    const logs = { Api: 'api', Cleanup: 'cleanup', FailureDetection: 'detect-failures' };
    const filter = (part: keyof typeof logs, metric: keyof typeof patterns) => ({
      name: `claude-projects-${stage}-${part}-${metric}`,
      logGroupName: `/aws/lambda/claude-projects-${stage}-${logs[part]}`,
      pattern: patterns[metric],
      metricTransformation: {
        namespace: `claude-projects-${stage}`,
        name: metric.replace('-2', ''),
        value: '1',
        unit: 'Count',
      },
    });
    assert.deepEqual(
      all(resources, 'aws:cloudwatch/logMetricFilter:LogMetricFilter').map(({ inputs }) => inputs),
      [
        filter('Api', 'DatabaseConnectionErrors'),
        filter('Api', 'ErrorLines'),
        filter('Api', 'ErrorLines-2'),
        filter('Cleanup', 'DatabaseConnectionErrors'),
        filter('Cleanup', 'ErrorLines'),
        filter('Cleanup', 'ErrorLines-2'),
        filter('FailureDetection', 'DatabaseConnectionErrors'),
        filter('FailureDetection', 'ErrorLines'),
        filter('FailureDetection', 'ErrorLines-2'),
        filter('FailureDetection', 'FailureDetectionRuns'),
      ],
    );
  },

  'raises seven alarms, each to the topic': ({ resources }, stage) => {
    const prefix = `claude-projects-${stage}`;
    const onGateway = { ApiId: 'ApiApi-id', Stage: '$default' };
    const sum = (id: string, metricName: string) => ({
      id,
      metric: { namespace: 'AWS/ApiGateway', metricName, stat: 'Sum', period: 300, dimensions: onGateway },
    });
    const throttles = (id: string, purpose: string) => ({
      id,
      metric: {
        namespace: 'AWS/Lambda',
        metricName: 'Throttles',
        stat: 'Sum',
        period: 60,
        dimensions: { FunctionName: `${prefix}-${purpose}` },
      },
    });
    const above = (threshold: number) => ({ comparisonOperator: 'GreaterThanThreshold', threshold });
    const belowOne = { comparisonOperator: 'LessThanThreshold', threshold: 1 };
    const twice = { evaluationPeriods: 2, datapointsToAlarm: 2 };
    const expected: Record<string, Bag> = {
      CleanupFailed: {
        ...above(2),
        namespace: 'AWS/Lambda',
        metricName: 'Errors',
        dimensions: { FunctionName: `${prefix}-cleanup` },
        statistic: 'Sum',
        period: 600,
        evaluationPeriods: 1,
      },
      DatabaseConnectionErrors: {
        ...above(0),
        namespace: prefix,
        metricName: 'DatabaseConnectionErrors',
        statistic: 'Sum',
        period: 60,
        evaluationPeriods: 1,
      },
      ErrorRate: {
        ...above(1),
        ...twice,
        metricQueries: [
          {
            id: 'rate',
            expression: 'IF(requests > 0, 100 * errors / requests, 0)',
            label: '5xx, %',
            returnData: true,
          },
          sum('errors', '5xx'),
          sum('requests', 'Count'),
        ],
      },
      FailureDetectionSilent: {
        ...belowOne,
        namespace: prefix,
        metricName: 'FailureDetectionRuns',
        statistic: 'Sum',
        period: 600,
        evaluationPeriods: 1,
        treatMissingData: 'breaching',
      },
      Latency: {
        ...above(2000),
        ...twice,
        namespace: 'AWS/ApiGateway',
        metricName: 'Latency',
        dimensions: onGateway,
        extendedStatistic: 'p95',
        period: 300,
      },
      Throttles: {
        ...above(0),
        evaluationPeriods: 1,
        metricQueries: [
          { id: 'throttles', expression: 'SUM(METRICS())', label: 'Throttles', returnData: true },
          throttles('function0', 'api'),
          throttles('function1', 'detect-failures'),
          throttles('function2', 'cleanup'),
        ],
      },
      Unhealthy: {
        ...belowOne,
        ...twice,
        namespace: 'AWS/Route53',
        metricName: 'HealthCheckStatus',
        dimensions: { HealthCheckId: 'Health-id' },
        statistic: 'Minimum',
        period: 60,
        treatMissingData: 'breaching',
      },
    };
    const alarms = all(resources, 'aws:cloudwatch/metricAlarm:MetricAlarm').map(({ name, inputs }) => {
      const { alarmDescription, ...rest } = inputs;
      assert.match(String(alarmDescription), /^.+ See docs\/MONITORING\.md\.$/, name);
      return [name, rest];
    });
    assert.deepEqual(
      alarms,
      Object.entries(expected).map(([name, figures]) => [
        name,
        {
          treatMissingData: 'notBreaching',
          ...figures,
          name: `${prefix}-${name}`,
          alarmActions: [arn('AlarmsTopic')],
          okActions: [arn('AlarmsTopic')],
        },
      ]),
    );
  },

  'asks /health from outside every 30 s': ({ resources }, stage) => {
    assert.deepEqual(only(resources, 'aws:route53/healthCheck:HealthCheck').inputs, {
      type: 'HTTPS',
      fqdn: stage === 'production' ? DOMAIN : GATEWAY_HOST,
      port: 443,
      resourcePath: '/health',
      enableSni: true,
      requestInterval: 30,
      failureThreshold: 2,
      regions: ['us-east-1', 'us-west-2', 'eu-west-1'],
      tags: { Name: `claude-projects-${stage}-health` },
    });
  },

  'shows all of it on one dashboard': (evaluation, stage) => {
    const { inputs } = only(evaluation.resources, 'aws:cloudwatch/dashboard:Dashboard');
    const names = { dev: 'Dev', staging: 'Staging', production: 'Production' };
    assert.equal(inputs['dashboardName'], `Claude-Projects-State-API-${names[stage]}`);
    const titles = widgetsOf(evaluation).map((widget) => {
      const { title, region, period, stat } = bag(widget['properties']);
      assert.deepEqual([region, period], ['us-east-1', 300], String(title));
      return [title, stat];
    });
    assert.deepEqual(titles, [
      ['Requests and errors', 'Sum'],
      ['Latency, p95 (ms)', 'p95'],
      ['Function calls', 'Sum'],
      ['Function errors and throttles', 'Sum'],
      ['Function duration, p95 (ms)', 'p95'],
      ['From the logs', 'Sum'],
      ['Sessions and jobs', 'Maximum'],
      ['Heartbeats and queries, p95 (ms)', 'p95'],
      ['Requests as the API counts them', 'Sum'],
    ]);
    const named = new Set(seriesOf(evaluation).map(([namespace, metric]) => `${String(namespace)} ${String(metric)}`));
    assert.deepEqual([...named].filter((name) => !name.startsWith('ClaudeProjects ')).toSorted(), [
      'AWS/ApiGateway 4xx',
      'AWS/ApiGateway 5xx',
      'AWS/ApiGateway Count',
      'AWS/ApiGateway IntegrationLatency',
      'AWS/ApiGateway Latency',
      'AWS/Lambda Duration',
      'AWS/Lambda Errors',
      'AWS/Lambda Invocations',
      'AWS/Lambda Throttles',
      `claude-projects-${stage} DatabaseConnectionErrors`,
      `claude-projects-${stage} ErrorLines`,
      `claude-projects-${stage} FailureDetectionRuns`,
    ]);
    const ofStage = ['service', 'state-tracking-api', 'stage', stage];
    const ofApi = seriesOf(evaluation).filter(([namespace]) => namespace === 'ClaudeProjects');
    assert.deepEqual(
      ofApi.map(([, metric, ...rest]) => [metric, ...rest]),
      [
        ['active_sessions_count', ...ofStage],
        ['stalled_sessions_count', ...ofStage],
        ['offline_machines_count', ...ofStage],
        ['database_up', ...ofStage, { stat: 'Minimum' }],
        ['unhealthy_jobs_count', ...ofStage],
        ['heartbeat_latency_ms', ...ofStage],
        ['database_query_duration_ms', ...ofStage],
        ['api_requests_total', ...ofStage],
      ],
    );
  },

  'says where it is': ({ outputs }, stage) => {
    const { _protect, ...told } = outputs;
    assert.equal(_protect, stage === 'production');
    assert.deepEqual(told, {
      url: stage === 'production' ? `https://${DOMAIN}` : `https://${GATEWAY_HOST}`,
      functionArn: arn('ApiFunctionFunction'),
      logGroup: `/aws/lambda/claude-projects-${stage}-api`,
      region: 'us-east-1',
      alarmTopic: arn('AlarmsTopic'),
      dashboard: { dev: 'Dev', staging: 'Staging', production: 'Production' }[stage].replace(
        /^/,
        'Claude-Projects-State-API-',
      ),
    });
  },
};

/** What the dashboard draws: namespace, metric, then names and values of dimensions in turn. */
export function seriesOf(evaluation: Evaluation): unknown[][] {
  return widgetsOf(evaluation)
    .flatMap((widget) => list(bag(widget['properties'])['metrics']))
    .map(list);
}

function widgetsOf({ resources }: Evaluation): Bag[] {
  const { inputs } = only(resources, 'aws:cloudwatch/dashboard:Dashboard');
  return list(bag(parsed(inputs['dashboardBody']))['widgets']).map(bag);
}

/** Sorted by name: resources are registered in whatever order they come to be. */
function all(resources: readonly Resource[], type: string): Resource[] {
  return resources
    .filter((resource) => resource.type === type)
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

function only(resources: readonly Resource[], type: string): Resource {
  const [found, ...others] = all(resources, type);
  assert.ok(found && others.length === 0, `there is not exactly one ${type}`);
  return found;
}

function one(resources: readonly Resource[], type: string, name: string): Resource {
  return (
    resources.find((resource) => resource.type === type && resource.name === name) ??
    assert.fail(`there is no ${type} ${name}`)
  );
}

function servicesOf(policy: unknown): unknown[] {
  const { Statement, statements } = bag(typeof policy === 'string' ? parsed(policy) : policy);
  if (Statement === undefined) return list(statements);
  return list(isBag(Statement) ? [Statement] : Statement).map(
    (statement) => bag(bag(statement)['Principal'])['Service'],
  );
}

function policiesOf(policies: unknown): unknown[] {
  return list(policies ?? []).map((policy) => parsed(bag(policy)['policy']));
}

function picked(inputs: Bag, names: readonly string[]): Bag {
  return Object.fromEntries(names.map((name) => [name, inputs[name]]));
}

function bag(value: unknown): Bag {
  assert.ok(isBag(value), `${JSON.stringify(value)} is no object`);
  return value;
}

function list(value: unknown): unknown[] {
  assert.ok(Array.isArray(value), `${JSON.stringify(value)} is no list`);
  return value;
}

function parsed(value: unknown): unknown {
  assert.ok(typeof value === 'string');
  return JSON.parse(value);
}

function keysOf(value: unknown): string[] {
  return Object.keys(bag(value)).toSorted();
}
