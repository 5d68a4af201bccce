import assert from 'node:assert/strict';
import type { Task } from '@claude-projects/shared/client';
import { inEnglish } from '../../src/platform/localize.ts';
import type { SessionState } from '../../src/sessions/session-state.ts';
import { iconOf } from '../../src/tree/state-icon.ts';
import { taskRow } from '../../src/tree/task-row.ts';
import { sampleTask } from '../sessions/support/store-bench.ts';
import { sampleSession } from '../support/sample-session.ts';

/**
 * Colours that the editor defines for all four kinds of themes. Others, such as `list.errorForeground`, are undefined
 * in those of high contrast: an icon in them looks like any other.
 */
const IN_EVERY_THEME = new Set([
  'charts.blue',
  'charts.green',
  'descriptionForeground',
  'problemsErrorIcon.foreground',
  'problemsWarningIcon.foreground',
]);

const STATES = [
  'working',
  'idle',
  'stopped',
  'late',
  'stalled',
  'waiting',
  'paused',
  'completed',
  'failed',
  'recovered',
  'archived',
  'ended',
  'unknown',
] as const satisfies readonly SessionState[];
const STATUSES = [
  'pending',
  'in_progress',
  'blocked',
  'completed',
  'failed',
  'unknown',
] as const satisfies readonly Task['status'][];

describe('the colours of icons', () => {
  const facts = { isCurrent: false, isSessionLive: true };
  const colours = [
    ...STATES.map((state) => [state, iconOf(state).color] as const),
    ...STATUSES.map(
      (status) => [status, taskRow(sampleTask(sampleSession(), { status }), facts, inEnglish).icon?.color] as const,
    ),
  ];

  it('exist in themes of high contrast too', () => {
    for (const [state, colour] of colours) {
      if (colour !== undefined) assert.ok(IN_EVERY_THEME.has(colour), `${state}: ${colour}`);
    }
  });

  it('tell what failed and what waits from what runs', () => {
    const of = new Map(colours);
    assert.equal(new Set([of.get('failed'), of.get('waiting'), of.get('working'), of.get('idle')]).size, 4);
    assert.ok(of.get('blocked') !== of.get('in_progress'));
  });
});
