import type { Localize } from '../platform/localize.ts';
import { plainText } from '../platform/plain-text.ts';
import { nameOfState, type SessionState } from '../sessions/session-state.ts';
import type { Row, RowIcon } from './row.ts';
import type { Section } from './sections.ts';

/** A project's or a machine's name, or one of the three sections. */
export type GroupName =
  | { readonly by: 'health'; readonly section: Section }
  | { readonly by: 'project'; readonly name: string }
  | { readonly by: 'machine'; readonly name: string };

export function groupId(group: GroupName): string {
  return group.by === 'health' ? `health ${group.section}` : `${group.by} ${group.name}`;
}

export interface GroupCounts {
  readonly all: number;
  readonly states: ReadonlyMap<SessionState, number>;
  readonly attention: number;
  /** Those of them that the person at this window can act on. */
  readonly needYou: number;
}

export function groupRow(group: GroupName, counts: GroupCounts, localize: Localize): Row {
  const label = labelOf(group, localize);
  const description = descriptionOf(group, counts, localize);
  const isOlder = group.by === 'health' && group.section === 'older';
  return {
    label,
    description,
    icon: iconOf(group),
    tooltip: undefined,
    spoken: localize('{0}, sessions: {1}', label, description),
    contextValue: isOlder ? 'group.health.older' : `group.${group.by}`,
    // Hundreds of them would hide what comes after.
    expansion: isOlder ? 'collapsed' : 'expanded',
    command: undefined,
  };
}

function descriptionOf(group: GroupName, counts: GroupCounts, localize: Localize): string {
  const { all, attention, needYou } = counts;
  if (group.by === 'health') {
    if (group.section === 'running') return statesText(counts, RUNNING, localize).join(', ');
    if (group.section !== 'attention' || needYou === all || needYou === 0) return String(all);
    return needYou === 1 ? localize('{0}, 1 needs you', all) : localize('{0}, {1} need you', all, needYou);
  }
  const needs = attention === 1 ? localize('1 needs attention') : localize('{0} need attention', attention);
  const isAllSaid = sumOf(counts, ACTIVE) === all;
  return [
    ...(isAllSaid ? [] : [String(all)]),
    ...(attention === 0 ? [] : [needs]),
    ...statesText(counts, ACTIVE, localize),
  ].join(', ');
}

const ACTIVE: readonly SessionState[] = ['working', 'idle'];
const RUNNING: readonly SessionState[] = [...ACTIVE, 'stopped', 'late', 'paused', 'unknown'];

function sumOf({ states }: GroupCounts, wanted: readonly SessionState[]): number {
  return wanted.reduce((sum, state) => sum + (states.get(state) ?? 0), 0);
}

/** As in "2 working", "1 idle". */
function statesText({ states }: GroupCounts, wanted: readonly SessionState[], localize: Localize): readonly string[] {
  return wanted.flatMap((state) => {
    const count = states.get(state) ?? 0;
    return count === 0 ? [] : [localize('{0} {1}', count, nameOfState(state, localize))];
  });
}

function labelOf(group: GroupName, localize: Localize): string {
  switch (group.by) {
    case 'health':
      return sectionName(group.section, localize);
    case 'project':
    case 'machine':
      return plainText(group.name);
    default:
      return group satisfies never;
  }
}

function sectionName(section: Section, localize: Localize): string {
  switch (section) {
    case 'attention':
      return localize('Needs Attention');
    case 'running':
      return localize('Running');
    case 'older':
      return localize('Older Than a Day');
    case 'recent':
      return localize('Recent');
    default:
      return section satisfies never;
  }
}

function iconOf(group: GroupName): RowIcon | undefined {
  switch (group.by) {
    case 'health':
      return undefined;
    case 'project':
      return { id: 'repo' };
    case 'machine':
      return { id: 'vm' };
    default:
      return group satisfies never;
  }
}
