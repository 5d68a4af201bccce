import { Heartbeat, ROUTES } from '@claude-projects/shared/contract';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { refusalOfIssues } from '../http/contract-validation.pipe.ts';
import { endpointConfig } from '../http/endpoint.decorator.ts';
import { SessionsService } from './sessions.service.ts';

const { sendHeartbeat } = ROUTES;
const NOTHING: Heartbeat = {};

/**
 * The heartbeat, mounted at Fastify itself. A fleet sends hardly anything else, and Nest's pipeline took a third of
 * its time (docs/benchmarks.md). Hooks, errors and the contract hold for it as for every other route.
 */
@Injectable()
export class HeartbeatRoute {
  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost<FastifyAdapter>,
    @Inject(SessionsService) sessions: SessionsService,
  ) {
    // A function that only runs a job has no server.
    if (!(host.httpAdapter instanceof FastifyAdapter)) return;
    host.httpAdapter.getInstance().route<{ Params: { sessionId: string } }>({
      method: sendHeartbeat.method,
      url: sendHeartbeat.path,
      config: endpointConfig(sendHeartbeat),
      handler: async (request) => sessions.heartbeat(request.params.sessionId, heartbeatIn(request.body)),
    });
  }
}

function heartbeatIn(body: unknown): Heartbeat {
  // Most heartbeats say no more than that they are one.
  if (body === undefined) return NOTHING;
  const parsed = sendHeartbeat.body.safeParse(body ?? {});
  if (!parsed.success) throw refusalOfIssues(parsed.error.issues, body);
  return parsed.data;
}
