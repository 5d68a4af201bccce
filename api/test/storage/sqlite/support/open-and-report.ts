import { argv } from 'node:process';
import { openSqliteStorage } from '../../../../src/storage/sqlite/index.ts';

// Opens the database when the clock strikes, so that several of these do it at the same moment.
const [dataDir = '', startAt = '0'] = argv.slice(2);
setTimeout(
  () => {
    const storage = openSqliteStorage({ dataDir });
    void storage
      .ping()
      .then(() => storage.close())
      .then(() => process.stdout.write('opened\n'));
  },
  Math.max(0, Number(startAt) - Date.now()),
);
