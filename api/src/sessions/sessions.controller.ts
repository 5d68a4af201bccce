import type {
  CreateSession,
  ListArchivedSessions,
  ListSessions,
  MarkFailed,
  MarkStalled,
  Session,
  SessionList,
  UpdateSession,
} from '@claude-projects/shared/contract';
import { Controller, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Endpoint, RouteBody, RouteQuery } from '../http/endpoint.decorator.ts';
import { SessionsService } from './sessions.service.ts';

@Controller()
export class SessionsController {
  constructor(@Inject(SessionsService) private readonly sessions: SessionsService) {}

  @Endpoint('createSession')
  async create(
    @RouteBody('createSession') body: CreateSession,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    const { created, session } = await this.sessions.create(body);
    if (!created) void reply.status(200);
    return session;
  }

  @Endpoint('listSessions')
  list(@RouteQuery('listSessions') query: ListSessions): Promise<SessionList> {
    return this.sessions.list(query);
  }

  @Endpoint('listArchivedSessions')
  listArchived(@RouteQuery('listArchivedSessions') query: ListArchivedSessions): Promise<SessionList> {
    return this.sessions.listArchived(query);
  }

  @Endpoint('getSession')
  get(@Param('sessionId') sessionId: string): Promise<Session> {
    return this.sessions.get(sessionId);
  }

  @Endpoint('updateSession')
  update(@Param('sessionId') sessionId: string, @RouteBody('updateSession') body: UpdateSession): Promise<Session> {
    return this.sessions.update(sessionId, body);
  }

  @Endpoint('deleteSession')
  delete(@Param('sessionId') sessionId: string): Promise<void> {
    return this.sessions.delete(sessionId);
  }

  @Endpoint('markSessionFailed')
  markFailed(
    @Param('sessionId') sessionId: string,
    @RouteBody('markSessionFailed') body: MarkFailed,
  ): Promise<Session> {
    return this.sessions.markFailed(sessionId, body);
  }

  @Endpoint('markSessionStalled')
  markStalled(
    @Param('sessionId') sessionId: string,
    @RouteBody('markSessionStalled') body: MarkStalled,
  ): Promise<Session> {
    return this.sessions.markStalled(sessionId, body);
  }
}
