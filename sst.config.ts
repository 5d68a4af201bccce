/// <reference path="./.sst/platform/config.d.ts" />
// What runs in AWS. docs/DEPLOYMENT.md tells how it gets there, docs/MONITORING.md what its alarms mean.
// SST allows no import here: it reads `app` before it knows any provider.

const STAGES = ['dev', 'staging', 'production'];
/** CloudFront's certificates and the metrics of Route 53 exist here and nowhere else. */
const REGION = 'us-east-1';
const DOMAIN = 'claude-projects.truapi.com';
const SECRETS = ['MongoDBUri', 'ApiKeys'];
const LOG_DAYS = 30;
const MINUTE = 60;

/** Of AWS: nothing is cached; everything a caller sends reaches the gateway, save the name of the host. */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const ALL_VIEWER_EXCEPT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

export default $config({
  app({ stage }) {
    const production = stage === 'production';
    return {
      name: 'claude-projects',
      version: '4.17.1',
      home: 'aws',
      removal: production ? 'retain' : 'remove',
      protect: production,
      providers: {
        aws: { version: '7.20.0', region: REGION, defaultTags: { tags: { app: 'claude-projects', stage } } },
        random: '4.16.6',
      },
    };
  },

  async run() {
    const { stage } = $app;
    if (!STAGES.includes(stage)) throw new Error(`There is no stage "${stage}": choose ${STAGES.join(', ')}.`);
    const production = stage === 'production';
    const prefix = `${$app.name}-${stage}`;

    // SST would stop at the first secret it misses; whoever sets up a stage wants to know all of them.
    const missing = SECRETS.filter((name) => !process.env[`SST_SECRET_${name}`]);
    if (missing.length > 0) {
      const commands = missing.map((name) => `  pnpm sst secret set ${name} --stage ${stage}`);
      throw new Error(`Secrets are missing: ${missing.join(', ')}. Set each:\n${commands.join('\n')}`);
    }
    const link = SECRETS.map((name) => new sst.Secret(name));

    const logsOf = (part: string, name: string) =>
      new aws.cloudwatch.LogGroup(`${part}Logs`, { name, retentionInDays: LOG_DAYS }, { retainOnDelete: production });

    /** A function over a bundle that `pnpm build` made, which may write its own log and nothing else. */
    const functionOf = (part: string, purpose: string, folder: string, more: Partial<sst.aws.FunctionArgs>) => {
      const name = `${prefix}-${purpose}`;
      const logs = logsOf(part, `/aws/lambda/${name}`);
      const args: sst.aws.FunctionArgs = {
        name,
        bundle: `api/dist/${folder}`,
        handler: 'index.handler',
        runtime: 'nodejs24.x',
        architecture: 'arm64',
        memory: '512 MB',
        timeout: '30 seconds',
        link,
        ...more,
        environment: { NODE_ENV: 'production', LOG_LEVEL: 'info', STAGE: stage, ...more.environment },
        // Every line is JSON already; this leaves it as it was written.
        logging: { format: 'text', logGroup: logs.name },
        transform: {
          role(role) {
            const policy = $jsonStringify({
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
                  Resource: $interpolate`${logs.arn}:*`,
                },
              ],
            });
            role.managedPolicyArns = [];
            // SST lets the whole account take the role, as `sst dev` needs it, and only that.
            if (!$dev)
              role.assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({ Service: 'lambda.amazonaws.com' });
            role.inlinePolicies = $output(role.inlinePolicies).apply((others) => [
              ...(others ?? []),
              { name: 'own-log', policy },
            ]);
          },
          eventInvokeConfig: { maximumEventAgeInSeconds: 5 * MINUTE },
        },
      };
      return { logs, args };
    };

    // ---- The API

    /** By it the API knows that the edge, and nobody else, says which address a request came from. */
    const edgeToken = production ? new random.RandomPassword('EdgeToken', { length: 40, special: false }).result : '';
    const apiParts = functionOf('Api', 'api', 'lambda', { environment: { EDGE_TOKEN: edgeToken } });
    const apiFunction = new sst.aws.Function('ApiFunction', apiParts.args);
    const gateway = new sst.aws.ApiGatewayV2('Api', {
      // Keys travel in a header and never in a cookie, so a page of another origin gains nothing by asking.
      cors: {
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
        maxAge: '1 day',
      },
      accessLog: { retention: '1 month' },
      transform: {
        stage: {
          defaultRouteSettings: {
            throttlingBurstLimit: 200,
            throttlingRateLimit: 100,
          },
        },
        logGroup(_args, options) {
          options.retainOnDelete = production;
        },
      },
    });
    gateway.route('$default', apiFunction.arn);
    const gatewayHost = gateway.nodes.api.apiEndpoint.apply((endpoint) => new URL(endpoint).host);

    // A gateway does not listen on port 80; the edge does, and sends callers on to https.
    if (production) {
      const viewerAddress = new aws.cloudfront.Function('ViewerAddress', {
        name: `${prefix}-viewer-address`,
        runtime: 'cloudfront-js-2.0',
        code: [
          'function handler(event) {',
          "  event.request.headers['x-claude-projects-viewer'] = { value: event.viewer.ip };",
          '  return event.request;',
          '}',
        ].join('\n'),
      });
      new sst.aws.Cdn('Edge', {
        comment: `${prefix} API`,
        domain: { name: DOMAIN, dns: sst.aws.dns() },
        origins: [
          {
            originId: 'gateway',
            domainName: gatewayHost,
            customHeaders: [{ name: 'x-claude-projects-edge', value: edgeToken }],
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
          cachePolicyId: CACHING_DISABLED,
          originRequestPolicyId: ALL_VIEWER_EXCEPT_HOST,
          functionAssociations: [{ eventType: 'viewer-request', functionArn: viewerAddress.arn }],
        },
        // Else an error of one caller would answer others for 10 s: by address alone, whoever asks and with whatever key.
        customErrorResponses: [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504].map((errorCode) => ({
          errorCode,
          errorCachingMinTtl: 0,
        })),
        transform: {
          distribution(distribution) {
            distribution.httpVersion = 'http2and3';
            distribution.isIpv6Enabled = true;
          },
        },
      });
    }

    // ---- The jobs

    const job = (name: string, folder: string, schedule: 'rate(2 minutes)' | 'cron(0 2 * * ? *)') => {
      // What could not be done now is tried twice more, and then left to the next turn.
      const { logs, args } = functionOf(name, folder, folder, { retries: 2 });
      const cron = new sst.aws.CronV2(name, {
        schedule,
        timezone: 'UTC',
        function: args,
        retries: 2,
        transform: {
          schedule(options) {
            options.target = $output(options.target).apply((target) => ({
              ...target,
              retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 5 * MINUTE },
            }));
          },
        },
      });
      return { logs, functionName: cron.nodes.function.name };
    };
    const detection = job('FailureDetection', 'detect-failures', 'rate(2 minutes)');
    const cleanup = job('Cleanup', 'cleanup', 'cron(0 2 * * ? *)');

    // ---- What the logs tell

    const logMetric = (name: string, of: [string, aws.cloudwatch.LogGroup][], ...patterns: string[]) => {
      for (const [part, logs] of of)
        for (const [index, pattern] of patterns.entries())
          new aws.cloudwatch.LogMetricFilter(`${part}${name}${index || ''}`, {
            name: `${prefix}-${part}-${name}${index ? `-${index + 1}` : ''}`,
            logGroupName: logs.name,
            pattern,
            metricTransformation: { namespace: prefix, name, value: '1', unit: 'Count' },
          });
      return { namespace: prefix, metricName: name };
    };
    const allLogs: [string, aws.cloudwatch.LogGroup][] = [
      ['Api', apiParts.logs],
      ['FailureDetection', detection.logs],
      ['Cleanup', cleanup.logs],
    ];
    const databaseErrors = logMetric(
      'DatabaseConnectionErrors',
      allLogs,
      '{ ($.message = "Database connection failed") || ($.message = "Database circuit opened") || ($.database_up = 0) }',
    );
    const errorLines = logMetric(
      'ErrorLines',
      allLogs,
      '{ $.level = "ERROR" }',
      // What the platform says of a function that cannot say it: no line of JSON.
      '?"Init Error" ?"Invoke Error" ?"Task timed out" ?"Runtime exited"',
    );
    const detectionRuns = logMetric(
      'FailureDetectionRuns',
      [['FailureDetection', detection.logs]],
      '{ ($.message = "Job ran") && ($.context.job_name = "detect-failures") }',
    );

    // ---- Alarms

    const topic = new sst.aws.SnsTopic('Alarms');
    const alarm = (name: string, description: string, args: aws.cloudwatch.MetricAlarmArgs) =>
      new aws.cloudwatch.MetricAlarm(name, {
        name: `${prefix}-${name}`,
        alarmDescription: `${description} See docs/MONITORING.md.`,
        alarmActions: [topic.arn],
        okActions: [topic.arn],
        treatMissingData: 'notBreaching',
        ...args,
      });
    const ofGateway = { ApiId: gateway.nodes.api.id, Stage: '$default' };
    const gatewaySum = (metricName: string) => ({
      namespace: 'AWS/ApiGateway',
      metricName,
      stat: 'Sum',
      period: 5 * MINUTE,
      dimensions: ofGateway,
    });
    alarm('ErrorRate', 'More than 1 % of the requests failed with a 5xx.', {
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 1,
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      metricQueries: [
        { id: 'rate', expression: 'IF(requests > 0, 100 * errors / requests, 0)', label: '5xx, %', returnData: true },
        { id: 'errors', metric: gatewaySum('5xx') },
        { id: 'requests', metric: gatewaySum('Count') },
      ],
    });
    alarm('Latency', 'The slowest 5 % of the requests take longer than 2 s.', {
      namespace: 'AWS/ApiGateway',
      metricName: 'Latency',
      dimensions: ofGateway,
      extendedStatistic: 'p95',
      period: 5 * MINUTE,
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 2000,
    });
    const functionNames = [apiFunction.name, detection.functionName, cleanup.functionName];
    alarm('Throttles', 'Lambda refused to run a function: too many at once.', {
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      evaluationPeriods: 1,
      metricQueries: [
        { id: 'throttles', expression: 'SUM(METRICS())', label: 'Throttles', returnData: true },
        ...functionNames.map((FunctionName, index) => ({
          id: `function${index}`,
          metric: {
            namespace: 'AWS/Lambda',
            metricName: 'Throttles',
            stat: 'Sum',
            period: MINUTE,
            dimensions: { FunctionName },
          },
        })),
      ],
    });
    alarm('DatabaseConnectionErrors', 'The database could not be reached.', {
      ...databaseErrors,
      statistic: 'Sum',
      period: MINUTE,
      evaluationPeriods: 1,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
    });
    alarm('FailureDetectionSilent', 'Nobody looked for stalled sessions for 10 minutes.', {
      ...detectionRuns,
      statistic: 'Sum',
      period: 10 * MINUTE,
      evaluationPeriods: 1,
      comparisonOperator: 'LessThanThreshold',
      threshold: 1,
      treatMissingData: 'breaching',
    });
    alarm('CleanupFailed', 'Each of the three tries of a clean-up failed or was cut off.', {
      namespace: 'AWS/Lambda',
      metricName: 'Errors',
      dimensions: { FunctionName: cleanup.functionName },
      statistic: 'Sum',
      period: 10 * MINUTE,
      evaluationPeriods: 1,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 2,
    });
    const healthCheck = new aws.route53.HealthCheck('Health', {
      type: 'HTTPS',
      fqdn: production ? DOMAIN : gatewayHost,
      port: 443,
      resourcePath: '/health',
      enableSni: true,
      requestInterval: 30,
      failureThreshold: 2,
      // Three are the fewest that Route 53 takes.
      regions: ['us-east-1', 'us-west-2', 'eu-west-1'],
      tags: { Name: `${prefix}-health` },
    });
    alarm('Unhealthy', '/health did not answer with 200 for 2 minutes.', {
      namespace: 'AWS/Route53',
      metricName: 'HealthCheckStatus',
      dimensions: { HealthCheckId: healthCheck.id },
      statistic: 'Minimum',
      period: MINUTE,
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      comparisonOperator: 'LessThanThreshold',
      threshold: 1,
      treatMissingData: 'breaching',
    });

    // ---- Dashboard

    type Series = ($util.Input<string> | { stat: string })[];
    const onGateway = (metric: string): Series => [
      'AWS/ApiGateway',
      metric,
      'ApiId',
      ofGateway.ApiId,
      'Stage',
      ofGateway.Stage,
    ];
    const onFunctions = (metric: string): Series[] =>
      functionNames.map((name) => ['AWS/Lambda', metric, 'FunctionName', name]);
    const fromLogs = ({ namespace, metricName }: typeof errorLines): Series => [namespace, metricName];
    const ofApi = (metric: string, ...more: Series): Series => [
      'ClaudeProjects',
      metric,
      'service',
      'state-tracking-api',
      'stage',
      stage,
      ...more,
    ];
    const sessions = [
      ofApi('active_sessions_count'),
      ofApi('stalled_sessions_count'),
      ofApi('offline_machines_count'),
      ofApi('database_up', { stat: 'Minimum' }),
      ofApi('unhealthy_jobs_count'),
    ];
    const graphs: [title: string, stat: string, series: Series[]][] = [
      ['Requests and errors', 'Sum', ['Count', '4xx', '5xx'].map(onGateway)],
      ['Latency, p95 (ms)', 'p95', ['Latency', 'IntegrationLatency'].map(onGateway)],
      ['Function calls', 'Sum', onFunctions('Invocations')],
      ['Function errors and throttles', 'Sum', [...onFunctions('Errors'), ...onFunctions('Throttles')]],
      ['Function duration, p95 (ms)', 'p95', onFunctions('Duration')],
      ['From the logs', 'Sum', [databaseErrors, errorLines, detectionRuns].map(fromLogs)],
      ['Sessions and jobs', 'Maximum', sessions],
      ['Heartbeats and queries, p95 (ms)', 'p95', [ofApi('heartbeat_latency_ms'), ofApi('database_query_duration_ms')]],
      ['Requests as the API counts them', 'Sum', [ofApi('api_requests_total')]],
    ];
    const dashboard = new aws.cloudwatch.Dashboard('Dashboard', {
      dashboardName: `Claude-Projects-State-API-${stage.charAt(0).toUpperCase()}${stage.slice(1)}`,
      dashboardBody: $jsonStringify({
        widgets: graphs.map(([title, stat, metrics], index) => ({
          type: 'metric',
          x: (index % 3) * 8,
          y: Math.floor(index / 3) * 6,
          width: 8,
          height: 6,
          properties: { title, stat, metrics, region: REGION, period: 5 * MINUTE, view: 'timeSeries' },
        })),
      }),
    });

    return {
      url: production ? `https://${DOMAIN}` : gateway.url,
      functionArn: apiFunction.arn,
      logGroup: apiParts.logs.name,
      region: REGION,
      alarmTopic: topic.arn,
      dashboard: dashboard.dashboardName,
    };
  },
});
