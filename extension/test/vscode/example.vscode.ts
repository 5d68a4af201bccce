import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import example from '../../../examples/orchestrator-extension/package.json' with { type: 'json' };
import { untilSession, untilTasks } from './support/api-client.ts';

const exampleId = `${example.publisher}.${example.name}`;

describe('the example of an orchestrator', () => {
  it('has its work tracked through the exported API', async () => {
    const extension = vscode.extensions.getExtension(exampleId);
    assert.ok(extension, `${exampleId} is not installed`);
    await extension.activate();
    const sessionId = await vscode.commands.executeCommand<string>('orchestratorExample.run');
    const session = await untilSession(sessionId, 'failed', ({ status }) => status === 'failed');
    assert.equal(session.error_message, '1 of 3 jobs failed.');
    assert.equal(session.metadata['agent'], 'example');
    const tasks = await untilTasks(sessionId, 'ended', ({ length }) => length === 3);
    assert.deepEqual(
      tasks.map(({ task_name, status, error_message }) => [task_name, status, error_message]),
      [
        ['Read the issue', 'completed', null],
        ['Write the fix', 'completed', null],
        ['Deploy to production', 'failed', 'Nobody approved it.'],
      ],
    );
  });
});
