import {
  ApiError,
  AuthenticationError,
  ConflictError,
  ContractError,
  NotFoundError,
  RateLimitedError,
  TimeoutError,
  UnavailableError,
} from '@claude-projects/shared/client';
import type { ApiAddress, Connection } from '../connection/connection.ts';
import { LocalServerError } from '../local-server/local-server-error.ts';
import type { Localize } from '../platform/localize.ts';
import { type NextStep, Refusal } from './refusal.ts';

export interface Explanation {
  readonly message: string;
  readonly steps: readonly NextStep[];
}

/** What went wrong and what to do next, for whoever ran a command. */
export function explain(
  error: unknown,
  { address, state }: Pick<Connection, 'address' | 'state'>,
  localize: Localize,
): Explanation {
  if (error instanceof Refusal) return { message: error.message, steps: error.steps };
  if (error instanceof LocalServerError) {
    return { message: localize('The local server does not run: {0}', error.message), steps: [] };
  }
  if (!(error instanceof ApiError)) {
    return { message: localize('Something unexpected went wrong. The log says what.'), steps: [] };
  }
  if (error instanceof AuthenticationError) {
    const message =
      error.code === 'API_KEY_REQUIRED'
        ? localize('There is no API key. Set one, or let “server.mode” be “local”.')
        : localize('The API refused the key. Set another one.');
    return { message, steps: [{ label: localize('Set API Key'), command: 'claudeProjects.setApiKey' }] };
  }
  if (error instanceof NotFoundError) return { message: notFound(error, localize), steps: [] };
  if (error instanceof ConflictError) return conflict(error, localize);
  if (error instanceof RateLimitedError) {
    const seconds = Math.max(1, Math.ceil((error.retryAfterMs ?? 60_000) / 1000));
    return { message: localize('Too many requests. Try again in {0} s.', seconds), steps: [] };
  }
  if (error instanceof UnavailableError && state.kind === 'unusable') {
    const label = localize('Open Settings');
    return {
      message: localize('Sessions cannot be tracked here: {0}', state.reason),
      steps: [{ label, command: 'workbench.action.openSettings', args: ['@ext:claude-projects.claude-projects'] }],
    };
  }
  if (error instanceof UnavailableError || error instanceof TimeoutError) return unreachable(address, localize);
  if (error instanceof ContractError) {
    return {
      message: localize(
        'What answers at {0} is not a Claude Projects API. Check the address.',
        whereOf(address, localize),
      ),
      steps: [openSetting('claudeProjects.apiBaseUrl', localize)],
    };
  }
  if (error.code === 'INVALID_STATE') {
    return { message: localize('The session is in a state in which this cannot be done.'), steps: [refresh(localize)] };
  }
  if (error.code === 'VALIDATION_FAILED') {
    const details = error.details.map(({ field, message }) => `${field} ${message}`).join('; ');
    return { message: localize('The API did not take what was entered: {0}', details), steps: [] };
  }
  return { message: localize('The API could not complete the request. The log says more.'), steps: [] };
}

function notFound({ code }: NotFoundError, localize: Localize): string {
  if (code === 'SESSION_NOT_FOUND') return localize('This session does not exist any more; somebody deleted it.');
  if (code === 'TASK_NOT_FOUND') return localize('This task does not exist any more; somebody deleted it.');
  return localize('The API does not know this. It may be older than the extension.');
}

function conflict(error: ConflictError, localize: Localize): Explanation {
  const { code, conflictingSessionId, successorSessionId } = error;
  if (code === 'SESSION_ENDED' && successorSessionId !== undefined) {
    const message = localize('This session was recovered and continues in a newer session.');
    return { message, steps: [showSession(successorSessionId, localize)] };
  }
  if (code === 'ACTIVE_SESSION_EXISTS') {
    const message = localize('Another live session holds this place. Complete it, or recover it if it is dead.');
    const inTheWay = conflictingSessionId;
    return { message, steps: [inTheWay === undefined ? refresh(localize) : showSession(inTheWay, localize)] };
  }
  return { message: conflictMessage(code, localize), steps: [refresh(localize)] };
}

function conflictMessage(code: ConflictError['code'], localize: Localize): string {
  if (code === 'SESSION_ENDED') return localize('This session has ended; nothing more can be changed.');
  if (code === 'NOT_RECOVERABLE') {
    return localize('There is nothing to recover: the session is alive, or it ended well. Refresh to see which.');
  }
  if (code === 'RECOVERY_LIMIT_REACHED') return localize('This work was recovered as often as is allowed.');
  if (code === 'INVALID_TRANSITION') {
    return localize('It has changed meanwhile, and this step is no longer possible. Refresh and look again.');
  }
  return localize('The API refused the request. The log says more.');
}

function unreachable(address: ApiAddress | undefined, localize: Localize): Explanation {
  if (address?.mode === 'remote') {
    return {
      message: localize('The API at {0} cannot be reached. Check the network and try again.', address.baseUrl),
      steps: [openSetting('claudeProjects.apiBaseUrl', localize)],
    };
  }
  return {
    message: localize('The local server cannot be reached. Restart it and try again.'),
    steps: [{ label: localize('Restart Local Server'), command: 'claudeProjects.restartLocalServer' }],
  };
}

function whereOf(address: ApiAddress | undefined, localize: Localize): string {
  return address?.baseUrl ?? localize('the address in the settings');
}

export function showSession(sessionId: string, localize: Localize): NextStep {
  return { label: localize('Show Session'), command: 'claudeProjects.showSessionDetails', args: [sessionId] };
}

export function openSetting(setting: string, localize: Localize): NextStep {
  return { label: localize('Open Setting'), command: 'workbench.action.openSettings', args: [`@id:${setting}`] };
}

function refresh(localize: Localize): NextStep {
  return { label: localize('Refresh Sessions'), command: 'claudeProjects.refreshSessions' };
}
