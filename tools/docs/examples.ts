import { type Document, problemIn } from './documents.ts';
import { ExampleServer } from './example-server.ts';
import { idsIn, laidOut, masked } from './masks.ts';
import { type Runnable, runnablesOf, strayReplies } from './runnable.ts';

export interface PlayedDocument {
  readonly problems: readonly string[];
  /** Those of the problems that no writing anew can mend. */
  readonly failures: readonly string[];
  /** How many commands were run. */
  readonly ran: number;
  /** The document with the replies that the server gives today. */
  readonly text: string;
}

/** Runs what the document tells its reader to run, from top to bottom, against a server of its own. */
export async function play(document: Document, workspace: string): Promise<PlayedDocument> {
  const runnables = runnablesOf(document);
  const strays = strayReplies(document).map(({ raw }) =>
    problemIn(document, raw, 'shows a reply of no command: mark the block before it `bash run`'),
  );
  const ran = runnables.length;
  if (ran === 0) return { problems: strays, failures: strays, ran, text: document.text };
  const server = await ExampleServer.start(workspace);
  try {
    const { failures, outdated, text } = await playAll(document, runnables, server);
    return { problems: [...strays, ...failures, ...outdated], failures: [...strays, ...failures], ran, text };
  } finally {
    await server.stop();
  }
}

async function playAll(document: Document, runnables: readonly Runnable[], server: ExampleServer) {
  const named = idsIn(runnables.map(({ command }) => command).join('\n'));
  const failures: string[] = [];
  const outdated: string[] = [];
  let written = '';
  let rest = document.text;
  const passOver = (part: string, replacement: string) => {
    const at = rest.indexOf(part);
    written += rest.slice(0, at) + replacement;
    rest = rest.slice(at + part.length);
  };
  for (const { command, block, reply } of runnables) {
    const { ok, output, complaint } = await server.run(command);
    // The address is another one each time; the document shows the usual one.
    const shown = output.replaceAll(server.url, 'http://127.0.0.1:3000').replaceAll(server.key, '$KEY');
    passOver(block, block);
    if (!ok) failures.push(problemIn(document, block, `does not run:\n${output}${complaint}`));
    if (reply === undefined) continue;
    const current = masked(reply.text, named) === masked(shown, named);
    const fresh = `\`\`\`${reply.lang ?? ''}\n${laidOut(shown)}\n\`\`\``;
    passOver(reply.raw, current ? reply.raw : fresh);
    if (!current) outdated.push(problemIn(document, block, `is not answered like this, but:\n${laidOut(shown)}`));
  }
  return { failures, outdated, text: written + rest };
}
