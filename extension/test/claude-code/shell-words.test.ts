import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { commandInFolder, variableWord } from '../../src/claude-code/shell-words.ts';
import { temporaryFolder } from '../lifecycle/journals/support/temporary-folder.ts';

const HOSTILE = [
  `"; touch pwned; "`,
  `'; touch pwned; '`,
  '$(touch pwned) `touch pwned` ${HOME} !! %PATH% ^& | > pwned',
  'two\nlines \\ and “curly” ‘quotes’, é 中文, a blank at the end ',
  '-n --help',
];

describe('words of a command line', () => {
  const root = temporaryFolder();

  for (const shell of ['sh', 'dash', 'bash', 'zsh', 'fish']) {
    describe(`in ${shell}`, () => {
      before(function () {
        // Which shells a machine has differs; the first three are everywhere but on Windows.
        if (spawnSync(shell, ['-c', 'true']).error) this.skip();
      });

      const printed = (line: string, env: Record<string, string> = {}) => {
        const { stdout, stderr, status } = spawnSync(shell, ['-c', line], {
          cwd: root(),
          env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', HOME: root(), ...env },
          encoding: 'utf8',
        });
        assert.equal(status, 0, stderr);
        return stdout;
      };

      it('take any text from the environment as one word', () => {
        for (const text of HOSTILE) {
          const word = variableWord(shell, 'TEST_PROMPT') ?? assert.fail('it is a shell that can');
          assert.equal(printed(`printf '<%s>' ${word}`, { TEST_PROMPT: text }), `<${text}>`);
        }
      });

      it('lead into a folder of any name', () => {
        for (const name of ["it's", 'a $(touch pwned)', '`b`', '"c"', 'back\\slash\\\\es\\', 'd & e; f']) {
          const folder = join(root(), name);
          mkdirSync(folder);
          assert.equal(printed(commandInFolder(shell, folder, ['pwd', '-P'])), `${realpathSync(folder)}\n`);
        }
      });
    });
  }

  it('are quoted for the shells of Windows', () => {
    const folder = String.raw`C:\Our ‘shop’ & co`;
    const words = ['claude', '--resume', 'x'];
    const powershell = String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`;
    assert.equal(commandInFolder(powershell, folder, words), String.raw`cd 'C:\Our ‘‘shop’’ & co'; claude --resume x`);
    assert.equal(
      commandInFolder(String.raw`C:\Windows\System32\cmd.exe`, folder, words),
      String.raw`cd /d "C:\Our ‘shop’ & co" && claude --resume x`,
    );
    assert.equal(variableWord('pwsh', 'TEST_PROMPT'), '"$env:TEST_PROMPT"');
  });

  it('come from no environment in a shell that would read them as commands, or that nobody knows', () => {
    for (const shell of ['cmd', 'nu', 'csh', 'wsl', undefined]) assert.equal(variableWord(shell, 'X'), undefined);
  });

  it('leave out a folder whose name would press keys', () => {
    assert.equal(commandInFolder('/bin/bash', '/a\nreboot\n', ['claude', '--resume', 'x']), 'claude --resume x');
    assert.equal(commandInFolder('/bin/bash', '/a\u001b[201~', ['claude', '--resume', 'x']), 'claude --resume x');
  });
});
