import { ROUTES } from '@claude-projects/shared/contract';
import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CLOCK, type Clock } from '../common/clock.ts';
import { Log } from '../logging/log.ts';
import { refusalOf } from './error-reply.ts';

@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    @Inject(Log) private readonly log: Log,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const refusal = refusalOf(error, {
      path: request.originalUrl.split('?', 1)[0] ?? '',
      requestId: request.id,
      at: this.clock.now(),
    });
    const { statusCode, code } = refusal.body;
    if (refusal.unexpected) this.log.error('Request failed', { status: statusCode, code }, error);
    else if (statusCode === 400 || isLostHeartbeat(request, statusCode))
      this.log.warn('Request refused', { status: statusCode, code });
    else this.log.debug('Request refused', { status: statusCode, code });
    void reply.status(statusCode).headers(refusal.headers).send(refusal.body);
  }
}

/** A process that beats for a session that has ended, or was never there, has lost its work without knowing it. */
function isLostHeartbeat(request: FastifyRequest, statusCode: number): boolean {
  return (statusCode === 404 || statusCode === 409) && request.routeOptions.url === ROUTES.sendHeartbeat.path;
}
