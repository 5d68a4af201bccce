import assert from 'node:assert/strict';
import {
  AbortedError,
  ApiError,
  AuthenticationError,
  ConflictError,
  ContractError,
  NotFoundError,
  RateLimitedError,
  TimeoutError,
  UnavailableError,
} from '@claude-projects/shared/client';
import { ERROR_CODES } from '@claude-projects/shared/contract';
import { Cancelled } from '../../src/commands/cancelled.ts';
import { Refusal } from '../../src/commands/refusal.ts';
import { runCommand } from '../../src/commands/run-command.ts';
import type { ApiAddress, ConnectionState } from '../../src/connection/connection.ts';
import { LocalServerError } from '../../src/local-server/local-server-error.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { FakeNotifier } from './support/fake-ui.ts';

const remote: ApiAddress = { mode: 'remote', baseUrl: 'https://example.com' };
const local: ApiAddress = { mode: 'local', baseUrl: 'http://127.0.0.1:1' };

describe('the wrapper around commands', () => {
  let notifier: FakeNotifier;
  let log: RecordingLog;
  let ran: unknown[][];

  beforeEach(() => {
    notifier = new FakeNotifier();
    log = new RecordingLog();
    ran = [];
  });

  function failWith(
    error: unknown,
    address: ApiAddress | undefined = remote,
    state: ConnectionState = { kind: 'online' },
  ): Promise<void> {
    const run = async (...call: unknown[]) => void ran.push(call);
    const parts = { notifier, log, run, localize: inEnglish, connection: { address, state } };
    return runCommand(parts, 'claudeProjects.deleteSession', async () => {
      throw error;
    });
  }

  const cancellations = {
    'a question that was closed': new Cancelled(),
    'a call that was cut off': new AbortedError('cut off', { code: 'ABORTED' }),
    'work that looked at its signal': new DOMException('cut off', 'AbortError'),
  };
  for (const [what, error] of Object.entries(cancellations)) {
    it(`says nothing of ${what}`, async () => {
      await failWith(error);
      assert.deepEqual(notifier.notices, []);
      assert.deepEqual(log.lines, ['debug: claudeProjects.deleteSession: cancelled']);
    });
  }

  it('writes the id of the request to the log, where the message leads', async () => {
    await failWith(new ApiError('boom', { code: 'INTERNAL_ERROR', status: 500, requestId: 'request-7' }));
    assert.deepEqual(log.lines, ['error: claudeProjects.deleteSession: INTERNAL_ERROR: boom (request request-7)']);
    assert.equal(notifier.notices.length, 1);
    await notifier.press('Show Log');
    assert.deepEqual(ran, [['claudeProjects.showLog']]);
  });

  it('writes where an unexpected error came from, and shows none of it', async () => {
    await failWith(new TypeError('x is not a function'));
    assert.match(log.lines.join('\n'), /x is not a function\n +at /);
    assert.doesNotMatch(notifier.last.message, /not a function/);
  });

  it('names no error by its code, which the log has', async () => {
    for (const code of ERROR_CODES) {
      for (const error of [new ApiError('of the server', { code }), new ConflictError('of the server', { code })]) {
        await failWith(error);
        assert.doesNotMatch(notifier.last.message, /[A-Z]_[A-Z]|of the server/);
      }
      assert.ok(log.lines.join('\n').includes(code), code);
    }
  });

  it('repeats why the API cannot be used, where waiting does not help', async () => {
    const error = new UnavailableError('There is no Node.js.', { code: 'NETWORK_ERROR' });
    await failWith(error, undefined, { kind: 'unusable', reason: 'There is no Node.js.' });
    assert.equal(notifier.last.message, 'Sessions cannot be tracked here: There is no Node.js.');
    assert.equal(notifier.labels()[0], 'Open Settings');
  });

  it('offers what a refusal proposes', async () => {
    await failWith(new Refusal('First do this.', [{ label: 'Do This', command: 'do.this', args: ['now'] }]));
    assert.equal(notifier.last.message, 'First do this.');
    await notifier.press('Do This');
    assert.deepEqual(ran, [['do.this', 'now']]);
  });

  const steps: [string, unknown, ApiAddress | undefined, RegExp, string | undefined][] = [
    [
      'a refused key',
      new AuthenticationError('no', { code: 'API_KEY_INVALID' }),
      remote,
      /refused the key/,
      'Set API Key',
    ],
    ['a missing key', new AuthenticationError('no', { code: 'API_KEY_REQUIRED' }), remote, /no API key/, 'Set API Key'],
    ['a deleted session', new NotFoundError('no', { code: 'SESSION_NOT_FOUND' }), remote, /does not exist/, undefined],
    ['a deleted task', new NotFoundError('no', { code: 'TASK_NOT_FOUND' }), remote, /task does not exist/, undefined],
    ['an old API', new NotFoundError('no', { code: 'ROUTE_NOT_FOUND' }), remote, /older/, undefined],
    [
      'a successor',
      new ConflictError('no', { code: 'SESSION_ENDED', successorSessionId: 'next' }),
      remote,
      /continues in a newer session/,
      'Show Session',
    ],
    ['an end', new ConflictError('no', { code: 'SESSION_ENDED' }), remote, /has ended/, 'Refresh Sessions'],
    [
      'a taken place',
      new ConflictError('no', { code: 'ACTIVE_SESSION_EXISTS', conflictingSessionId: 'other' }),
      remote,
      /holds this place/,
      'Show Session',
    ],
    [
      'a live session',
      new ConflictError('no', { code: 'NOT_RECOVERABLE' }),
      remote,
      /nothing to recover/,
      'Refresh Sessions',
    ],
    [
      'a late step',
      new ConflictError('no', { code: 'INVALID_TRANSITION' }),
      remote,
      /changed meanwhile/,
      'Refresh Sessions',
    ],
    ['a wrong state', new ApiError('no', { code: 'INVALID_STATE' }), remote, /in a state/, 'Refresh Sessions'],
    [
      'too many requests',
      new RateLimitedError('no', { code: 'RATE_LIMITED', retryAfterMs: 2500 }),
      remote,
      /in 3 s/,
      undefined,
    ],
    [
      'a dead network',
      new UnavailableError('no', { code: 'NETWORK_ERROR' }),
      remote,
      /example\.com cannot be/,
      'Open Setting',
    ],
    [
      'a dead server',
      new UnavailableError('no', { code: 'NETWORK_ERROR' }),
      local,
      /local server/,
      'Restart Local Server',
    ],
    ['silence', new TimeoutError('no', { code: 'TIMEOUT' }), remote, /cannot be reached/, 'Open Setting'],
    [
      'a stranger',
      new ContractError('no', { code: 'CONTRACT_VIOLATION' }),
      remote,
      /not a Claude Projects API/,
      'Open Setting',
    ],
    [
      'no runtime',
      new LocalServerError('runtime-missing', 'Install Node.js'),
      undefined,
      /Install Node\.js/,
      undefined,
    ],
    [
      'wrong input',
      new ApiError('no', { code: 'VALIDATION_FAILED', details: [{ field: 'task_name', message: 'is too long' }] }),
      remote,
      /task_name is too long/,
      undefined,
    ],
  ];
  for (const [what, error, address, message, step] of steps) {
    it(`says what to do next about ${what}`, async () => {
      await failWith(error, address);
      assert.match(notifier.last.message, message);
      assert.equal(notifier.labels()[0], step ?? 'Show Log');
    });
  }
});
