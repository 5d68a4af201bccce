import type { Localize } from '../platform/localize.ts';
import { plainText } from './plain-text.ts';
import type { Row, RowIcon } from './row.ts';
import type { Section } from './session-state.ts';

/** A project's or a machine's name, or one of the three sections. */
export type GroupName =
  | { readonly by: 'health'; readonly section: Section }
  | { readonly by: 'project'; readonly name: string }
  | { readonly by: 'machine'; readonly name: string };

export function groupId(group: GroupName): string {
  return group.by === 'health' ? `health ${group.section}` : `${group.by} ${group.name}`;
}

export function groupRow(group: GroupName, count: number, attention: number, localize: Localize): Row {
  const label = labelOf(group, localize);
  const description = descriptionOf(group, count, attention, localize);
  return {
    label,
    description,
    icon: iconOf(group),
    tooltip: undefined,
    spoken: localize('{0}, sessions: {1}', label, description),
    contextValue: `group.${group.by}`,
    expansion: 'expanded',
    command: undefined,
  };
}

function descriptionOf(group: GroupName, count: number, attention: number, localize: Localize): string {
  if (group.by === 'health' || attention === 0) return String(count);
  return attention === 1
    ? localize('{0}, 1 needs attention', count)
    : localize('{0}, {1} need attention', count, attention);
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
