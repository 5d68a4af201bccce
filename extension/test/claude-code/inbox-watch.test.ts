import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { watchInbox } from '../../src/claude-code/inbox-watch.ts';
import { eventually } from '../lifecycle/journals/support/eventually.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';
import { RecordingLog } from '../support/recording-log.ts';

describe('the watch of the inbox', () => {
  const root = temporaryFolder();
  const inbox = () => join(root(), 'inbox');
  const watched = () => {
    const log = new RecordingLog();
    let news = 0;
    const watch = watchInbox(inbox(), () => (news += 1), log);
    return { log, watch, news: () => news };
  };
  const put = (name: string) => {
    writeFileSync(join(inbox(), `.${name}`), '');
    renameSync(join(inbox(), `.${name}`), join(inbox(), name));
  };

  it('tells of a file that a hook put in place, and of one that another window took', async () => {
    mkdirSync(inbox());
    const { log, watch, news } = watched();
    put('1-a');
    await eventually(
      () => news() === 1,
      () => `${news()} times`,
    );
    rmSync(join(inbox(), '1-a'));
    await eventually(
      () => news() === 2,
      () => `${news()} times`,
    );
    watch.dispose();
    assert.deepEqual(log.lines, []);
  });

  it('says in the log where it cannot watch, and disturbs nobody', () => {
    const { log, watch, news } = watched();
    watch.dispose();
    assert.match(log.lines.join('\n'), /^warn: Claude Code's hooks are seen only from time to time: inbox ENOENT/);
    assert.equal(news(), 0);
  });
});
