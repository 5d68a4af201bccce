type Target = object;
type Member = string | symbol | undefined;
type Metadata = Map<unknown, unknown>;

const metadata = new WeakMap<Target, Map<Member, Metadata>>();

function ofOwn(target: Target, member: Member): Metadata | undefined {
  return metadata.get(target)?.get(member);
}

function toOwn(target: Target, member: Member): Metadata {
  const members = metadata.get(target) ?? new Map<Member, Metadata>();
  metadata.set(target, members);
  const own = members.get(member) ?? new Map<unknown, unknown>();
  members.set(member, own);
  return own;
}

/** The own metadata of the target, or of the nearest it inherits from, that has the key. */
function having(key: unknown, target: Target, member: Member): Metadata | undefined {
  for (let holder: Target | null = target; holder !== null; holder = parentOf(holder)) {
    const own = ofOwn(holder, member);
    if (own?.has(key) === true) return own;
  }
  return undefined;
}

function parentOf(target: Target): Target | null {
  const parent: unknown = Object.getPrototypeOf(target);
  return typeof parent === 'object' || typeof parent === 'function' ? parent : null;
}

/**
 * Stands in for reflect-metadata in a function's bundle: what NestJS asks of it and no more. The package is made to
 * share its metadata with other makers of it, and looks for them a hundred thousand times while the API starts.
 */
export const leanerMetadata = {
  metadata: (key: unknown, value: unknown) => (target: Target, member?: Member) => {
    toOwn(target, member).set(key, value);
  },
  defineMetadata: (key: unknown, value: unknown, target: Target, member?: Member): void => {
    toOwn(target, member).set(key, value);
  },
  hasMetadata: (key: unknown, target: Target, member?: Member): boolean => having(key, target, member) !== undefined,
  hasOwnMetadata: (key: unknown, target: Target, member?: Member): boolean => ofOwn(target, member)?.has(key) === true,
  getMetadata: (key: unknown, target: Target, member?: Member): unknown => having(key, target, member)?.get(key),
  getOwnMetadata: (key: unknown, target: Target, member?: Member): unknown => ofOwn(target, member)?.get(key),
  getOwnMetadataKeys: (target: Target, member?: Member): unknown[] => [...(ofOwn(target, member)?.keys() ?? [])],
  getMetadataKeys: (target: Target, member?: Member): unknown[] => {
    const keys = new Set<unknown>();
    for (let holder: Target | null = target; holder !== null; holder = parentOf(holder)) {
      for (const key of ofOwn(holder, member)?.keys() ?? []) keys.add(key);
    }
    return [...keys];
  },
};
