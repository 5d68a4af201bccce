import type { Connection, mongo } from 'mongoose';

export interface RecordedCommand {
  name: string;
  command: Record<string, unknown>;
}

/** What goes with every command and says nothing about what is asked, or that explain refuses. */
const ENVELOPE = new Set([
  'lsid',
  '$db',
  '$clusterTime',
  '$readPreference',
  'txnNumber',
  'autocommit',
  'startTransaction',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
]);

/** Every command that the connection really sends while `act` runs. The connection must monitor commands. */
export async function commandsOf(connection: Connection, act: () => Promise<unknown>): Promise<RecordedCommand[]> {
  const recorded: RecordedCommand[] = [];
  const record = ({ commandName, command }: mongo.CommandStartedEvent) => {
    recorded.push({ name: commandName, command: { ...command } });
  };
  const client = connection.getClient();
  client.on('commandStarted', record);
  try {
    await act();
  } finally {
    client.off('commandStarted', record);
  }
  return recorded;
}

/** The stages of the plan the server chose for the command, from the outermost in. */
export async function stagesOf(connection: Connection, command: RecordedCommand): Promise<string[]> {
  return stagesIn(await explained(connection, command, 'queryPlanner'));
}

/** How many entries of indexes the server reads for the command. */
export async function keysExaminedBy(connection: Connection, command: RecordedCommand): Promise<number> {
  const found = numbersNamed('totalKeysExamined', await explained(connection, command, 'executionStats'));
  if (found.length === 0) throw new Error('the server does not say how many keys it examined');
  return Math.max(...found);
}

async function explained(
  connection: Connection,
  { command }: RecordedCommand,
  verbosity: 'queryPlanner' | 'executionStats',
): Promise<unknown> {
  const asked = Object.fromEntries(Object.entries(command).filter(([key]) => !ENVELOPE.has(key)));
  return connection.getClient().db(connection.name).command({ explain: asked, verbosity });
}

function numbersNamed(name: string, value: unknown): number[] {
  if (Array.isArray(value)) return value.flatMap((item) => numbersNamed(name, item));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === name && typeof inner === 'number' ? [inner] : numbersNamed(name, inner),
  );
}

function stagesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(stagesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'rejectedPlans' || key === 'command') return [];
    return key === 'stage' && typeof inner === 'string' ? [inner] : stagesIn(inner);
  });
}
