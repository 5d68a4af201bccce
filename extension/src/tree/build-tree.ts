import type { Session } from '@claude-projects/shared/client';
import type { ClaudeKnown } from '../claude-code/claude-known.ts';
import type { Localize } from '../platform/localize.ts';
import { type ClaudeSessions, knownOfLive } from '../sessions/claude-facts.ts';
import { healthAt, isOld, needsAttention, type Vitals } from '../sessions/health.ts';
import type { SessionLabels } from '../sessions/session-labels.ts';
import { type SessionState, stateOf } from '../sessions/session-state.ts';
import { sharedCheckouts } from '../sessions/shared-checkouts.ts';
import type { Grouping } from '../settings/settings.ts';
import { type Filter, type Filtered, isShown } from './filter.ts';
import { type GroupCounts, type GroupName, groupId, groupRow } from './group-row.ts';
import { groupNode, MORE, NOTICE, sessionNode, type TreeNode } from './nodes.ts';
import type { Row } from './row.ts';
import { type Section, sectionOf } from './sections.ts';
import { sessionRow } from './session-row.ts';

export interface TreeInput {
  /** The newest first. */
  readonly sessions: readonly Session[];
  readonly vitals: Vitals;
  readonly labels: Pick<SessionLabels, 'labelOf' | 'currentTaskNameOf'>;
  readonly claude: Pick<ClaudeSessions, 'knownOf'>;
  /** Ids of the sessions this window tracks. */
  readonly own: ReadonlySet<string>;
  readonly isDismissed: (sessionId: string) => boolean;
  /** Ids of the sessions that the person at this window can act on. */
  readonly needYou: ReadonlySet<string>;
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
}

export const EMPTY_TREE: Tree = {
  roots: [],
  children: new Map(),
  parents: new Map(),
  rows: new Map(),
  shown: 0,
};

interface Candidate extends Filtered {
  readonly section: Section;
  readonly sharesCheckout: boolean;
  readonly claude: ClaudeKnown | undefined;
}

interface Group {
  readonly name: GroupName;
  readonly members: Candidate[];
}

const SECTIONS: readonly Section[] = ['attention', 'running', 'older', 'recent'];

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
    const group = add(groupNode(groupId(name)), groupRow(name, countsOf(members, input.needYou), localize));
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
  return { roots, children, parents, rows, shown: shown.length };
}

function candidateOf(
  session: Session,
  { vitals, labels, own, ...input }: TreeInput,
  shared: ReadonlySet<string>,
): Candidate {
  const { session_id } = session;
  const state = stateOf(session, healthAt(session, vitals));
  const isDismissed = needsAttention(session) && input.isDismissed(session_id);
  return {
    session,
    state,
    isDismissed,
    section: sectionOf({ state, isDismissed, isOld: isOld(session, vitals.now) }),
    label: labels.labelOf(session),
    currentTaskName: labels.currentTaskNameOf(session),
    isOwn: own.has(session_id),
    sharesCheckout: shared.has(session_id),
    claude: knownOfLive(session, input.claude),
  };
}

function countsOf(members: readonly Candidate[], needYou: ReadonlySet<string>): GroupCounts {
  const states = new Map<SessionState, number>();
  for (const { state } of members) states.set(state, (states.get(state) ?? 0) + 1);
  return {
    all: members.length,
    states,
    attention: members.filter(({ section }) => section === 'attention').length,
    needYou: members.filter(({ session }) => needYou.has(session.session_id)).length,
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
