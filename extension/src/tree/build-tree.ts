import type { Session } from '@claude-projects/shared/contract';
import type { Localize } from '../platform/localize.ts';
import type { Vitals } from '../sessions/health.ts';
import { sharedCheckouts } from '../sessions/shared-checkouts.ts';
import type { Grouping } from '../settings/settings.ts';
import { type Filter, type Filtered, isShown } from './filter.ts';
import { type GroupName, groupId, groupRow } from './group-row.ts';
import { groupNode, MORE, NOTICE, sessionNode, type TreeNode } from './nodes.ts';
import type { Row } from './row.ts';
import { sessionRow } from './session-row.ts';
import { type Section, sectionOf, stateOf } from './session-state.ts';

export interface TreeInput {
  /** The newest first. */
  readonly sessions: readonly Session[];
  readonly vitals: Vitals;
  readonly currentTaskNameOf: (session: Session) => string | undefined;
  /** Ids of the sessions this window tracks. */
  readonly own: ReadonlySet<string>;
  readonly grouping: Grouping;
  readonly filter: Filter;
  readonly hasMore: boolean;
  readonly notice: Row | undefined;
}

/** All of the tree but the tasks, which are known only of sessions that somebody looks into. */
export interface Tree {
  readonly roots: readonly TreeNode[];
  readonly children: ReadonlyMap<string, readonly TreeNode[]>;
  readonly parents: ReadonlyMap<string, TreeNode>;
  readonly rows: ReadonlyMap<string, Row>;
  readonly shown: number;
  /** Of all sessions, whatever the filter. */
  readonly attention: number;
}

export const EMPTY_TREE: Tree = {
  roots: [],
  children: new Map(),
  parents: new Map(),
  rows: new Map(),
  shown: 0,
  attention: 0,
};

interface Candidate extends Filtered {
  readonly section: Section;
  readonly sharesCheckout: boolean;
}

interface Group {
  readonly name: GroupName;
  readonly members: Candidate[];
}

const SECTIONS: readonly Section[] = ['attention', 'running', 'recent'];

/** `intern` gives the one object there is for an id. */
export function buildTree(input: TreeInput, intern: (node: TreeNode) => TreeNode, localize: Localize): Tree {
  const { sessions, filter, notice, hasMore, grouping } = input;
  const shared = sharedCheckouts(sessions);
  const candidates = sessions.map((session) => candidateOf(session, input, shared));
  const shown = candidates.filter((candidate) => isShown(filter, candidate));
  const groups = groupsOf(shown, grouping);
  const roots: TreeNode[] = [];
  const children = new Map<string, readonly TreeNode[]>();
  const parents = new Map<string, TreeNode>();
  const rows = new Map<string, Row>();
  const add = (node: TreeNode, row: Row): TreeNode => {
    const one = intern(node);
    rows.set(one.id, row);
    return one;
  };
  if (notice) roots.push(add(NOTICE, notice));
  for (const { name, members } of groups) {
    const attention = members.filter(({ section }) => section === 'attention').length;
    const group = add(groupNode(groupId(name)), groupRow(name, members.length, attention, localize));
    const nodes = members.map((member) => {
      const node = add(
        sessionNode(member.session.session_id),
        sessionRow(member.session, { ...member, vitals: input.vitals, grouping }, localize),
      );
      parents.set(node.id, group);
      return node;
    });
    children.set(group.id, nodes);
    roots.push(group);
  }
  if (hasMore) roots.push(add(MORE, moreRow(localize)));
  const attention = candidates.filter(({ section }) => section === 'attention').length;
  return { roots, children, parents, rows, shown: shown.length, attention };
}

function candidateOf(
  session: Session,
  { vitals, currentTaskNameOf, own }: TreeInput,
  shared: ReadonlySet<string>,
): Candidate {
  const state = stateOf(session, vitals);
  return {
    session,
    state,
    section: sectionOf(state),
    currentTaskName: currentTaskNameOf(session),
    isOwn: own.has(session.session_id),
    sharesCheckout: shared.has(session.session_id),
  };
}

/** In each group what needs attention comes first, then what runs; within these the newest. */
function groupsOf(candidates: readonly Candidate[], grouping: Grouping): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const section of SECTIONS) {
    for (const candidate of candidates) {
      if (candidate.section !== section) continue;
      const name = groupNameOf(candidate, grouping);
      const id = groupId(name);
      const group = groups.get(id);
      if (group) group.members.push(candidate);
      else groups.set(id, { name, members: [candidate] });
    }
  }
  const found = [...groups.values()];
  return grouping === 'health' ? found : found.sort((a, b) => compareNames(a.name, b.name));
}

function groupNameOf({ session, section }: Candidate, grouping: Grouping): GroupName {
  switch (grouping) {
    case 'health':
      return { by: 'health', section };
    case 'project':
      return { by: 'project', name: session.project_id };
    case 'machine':
      return { by: 'machine', name: session.machine_id };
    default:
      return grouping satisfies never;
  }
}

function compareNames(a: GroupName, b: GroupName): number {
  const [one, other] = [groupId(a), groupId(b)];
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function moreRow(localize: Localize): Row {
  const label = localize('Load More…');
  return {
    label,
    description: localize('older sessions'),
    icon: { id: 'ellipsis' },
    tooltip: undefined,
    spoken: localize('Load more, older sessions.'),
    contextValue: 'more',
    expansion: 'none',
    command: { command: 'claudeProjects.loadMoreSessions', title: label },
  };
}
