import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sentencesIn } from '../../build/sentences.mts';
import manifest from '../../package.json' with { type: 'json' };
import strings from '../../package.nls.json' with { type: 'json' };
import { CONTEXT_KEYS } from '../../src/commands/command-context.ts';
import { COMMANDS } from '../../src/commands/commands.ts';
import { registerCommands } from '../../src/commands/register-commands.ts';
import { inEnglish } from '../../src/platform/localize.ts';
import { checkSettings, HEARTBEAT_SECONDS, REFRESH_SECONDS } from '../../src/settings/check-settings.ts';
import { SECTION, SETTING_NAMES } from '../../src/settings/setting-names.ts';
import { emptySettings } from '../settings/support/empty-settings.ts';

const folder = join(import.meta.dirname, '../..');
const { contributes } = manifest;
const properties: Readonly<Record<string, { readonly default: unknown; readonly scope: string }>> =
  contributes.configuration.properties;
const text: Readonly<Record<string, string>> = strings;
const textOf = (placeholder: string) => text[placeholder.replaceAll('%', '')] ?? placeholder;

const VIEW = 'view == claudeProjects.sessions';

/** The buttons and menu items of a row. */
function itemsFor(contextValue: string) {
  return contributes.menus['view/item/context'].filter(({ when }) =>
    new RegExp(/viewItem =~ \/(.+)\/$/.exec(when)?.[1] ?? '^never$').test(contextValue),
  );
}

/** Every string in the manifest, wherever it is. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

describe('the manifest', () => {
  it('declares every command that is registered, and no other', () => {
    const registered: string[] = [];
    const owner = registerCommands(
      () => assert.fail('a command needs its parts only when it runs'),
      (command) => {
        registered.push(command);
        return { dispose: () => registered.splice(registered.indexOf(command), 1) };
      },
    );
    const declared = contributes.commands.map(({ command }) => command);
    assert.deepEqual(registered.toSorted(), declared.toSorted());
    owner.dispose();
    assert.deepEqual(registered, []);
  });

  it('names each command after its title', () => {
    for (const { command, title } of contributes.commands) {
      const [first = '', ...others] = textOf(title).replace('…', '').replace('API', 'Api').split(' ');
      assert.equal(command, `claudeProjects.${first.toLowerCase()}${others.join('')}`);
    }
  });

  it('offers only commands that exist', () => {
    const known = new Set<string>(Object.keys(COMMANDS));
    for (const { command } of Object.values(contributes.menus).flat()) assert.ok(known.has(command), command);
    for (const { contents } of contributes.viewsWelcome) {
      for (const [, command = ''] of textOf(contents).matchAll(/\(command:([\w.]+)/g)) {
        assert.ok(known.has(command) || command.startsWith('workbench.'), command);
      }
    }
  });

  it('offers at each row of the tree what makes sense there', () => {
    const offered = (contextValue: string) =>
      new Set(itemsFor(contextValue).map(({ command }) => command.replace('claudeProjects.', '')));
    const always = ['copySessionId', 'showSessionDetails', 'deleteSession'];
    const own = ['copySessionId', 'showSessionDetails', 'startTask'];
    const live = ['markSessionFailed', 'completeSession'];
    const expected: Readonly<Record<string, readonly string[]>> = {
      'session.working.live': [...always, ...live],
      'session.working.live.own': [...own, ...live],
      'session.stalled.live.own': [...own, ...live],
      'session.stalled.live.recoverable': [...always, ...live, 'recoverSession'],
      'session.failed.recoverable.archivable': [...always, 'recoverSession', 'archiveSession'],
      'session.failed.recoverable.archivable.dismissible': [
        ...always,
        'recoverSession',
        'archiveSession',
        'dismissSession',
      ],
      'session.stalled.live.recoverable.dismissed': [...always, ...live, 'recoverSession', 'restoreDismissedSession'],
      'session.recovered.archivable': [...always, 'archiveSession'],
      'session.archived': always,
      'session.working.live.own.terminal.conversation': [...own, ...live, 'showTerminal', 'copyResumeCommand'],
      'session.completed.archivable.conversation': [...always, 'archiveSession', 'copyResumeCommand'],
      'task.pending': ['startTask', 'completeTask', 'blockTask'],
      'task.blocked': ['startTask'],
      'task.in_progress': ['completeTask', 'blockTask', 'failTask'],
      'task.completed': [],
      'task.past.in_progress': [],
      group: [],
      'group.health': [],
      'group.health.older': ['dismissOlderSessions'],
      sessions: [],
    };
    for (const [contextValue, commands] of Object.entries(expected)) {
      assert.deepEqual([...offered(contextValue)].toSorted(), commands.toSorted(), contextValue);
    }
  });

  it('has buttons in a row for what people do there most, and never for what ends a live session', () => {
    const buttons = (contextValue: string) =>
      itemsFor(contextValue)
        .filter(({ group }) => group.startsWith('inline'))
        .toSorted((a, b) => (a.group < b.group ? -1 : 1))
        .map(({ command }) => command.replace('claudeProjects.', ''));
    const expected: Readonly<Record<string, readonly string[]>> = {
      'session.working.live': [],
      'session.working.live.own': ['startTask'],
      'session.working.live.own.terminal.conversation': ['startTask', 'showTerminal'],
      'session.stalled.live.recoverable': ['recoverSession'],
      'session.failed.recoverable.archivable': ['recoverSession', 'archiveSession'],
      'session.completed.archivable': ['archiveSession'],
      'task.pending': ['startTask'],
      'task.in_progress': ['completeTask'],
    };
    for (const [contextValue, commands] of Object.entries(expected)) {
      assert.deepEqual(buttons(contextValue), commands, contextValue);
    }
  });

  it('has everything of a row in its menu too, what deletes last', () => {
    for (const contextValue of ['session.failed.recoverable.archivable', 'session.working.live.own', 'task.pending']) {
      const items = itemsFor(contextValue);
      const inMenu = items.filter(({ group }) => !group.startsWith('inline'));
      assert.deepEqual(
        new Set(items.map(({ command }) => command)),
        new Set(inMenu.map(({ command }) => command)),
        contextValue,
      );
    }
    const [last] = itemsFor('session.failed').toSorted((a, b) => (a.group < b.group ? 1 : -1));
    assert.equal(last?.command, 'claudeProjects.deleteSession');
  });

  it('leads from the view’s menu to Claude Code, the settings and the walkthrough', () => {
    const menu = new Map(
      contributes.menus['view/title']
        .filter(({ group }) => !group.startsWith('navigation'))
        .map(({ command, when }) => [command.replace('claudeProjects.', ''), when.replace(VIEW, '')]),
    );
    assert.deepEqual(Object.fromEntries(menu), {
      showDismissedSessions: '',
      dismissOlderSessions: '',
      startSession: '',
      runDemoOrchestration: '',
      connectClaudeCode: '',
      disconnectClaudeCode: '',
      setApiKey: '',
      clearApiKey: ' && claudeProjects.hasStoredKey',
      restartLocalServer: " && config.claudeProjects.server.mode != 'remote'",
      openSettings: '',
      openWalkthrough: '',
      showLog: '',
    });
  });

  it('shows in the view’s title that a filter is on, and clears it with one click', () => {
    const title = (filtered: boolean) =>
      contributes.menus['view/title']
        .filter(({ group }) => group.startsWith('navigation'))
        .filter(({ when }) => !when.includes(filtered ? '!claudeProjects.isFiltered' : '&& claudeProjects.isFiltered'))
        .map(({ command }) => command.replace('claudeProjects.', ''));
    assert.deepEqual(title(false), ['filterSessions', 'groupSessionsBy', 'refreshSessions']);
    assert.deepEqual(title(true), ['changeFilter', 'clearFilter', 'groupSessionsBy', 'refreshSessions']);
    const icons = new Map(contributes.commands.map(({ command, icon }) => [command, icon]));
    assert.equal(icons.get('claudeProjects.filterSessions'), '$(filter)');
    assert.equal(icons.get('claudeProjects.changeFilter'), '$(filter-filled)');
  });

  it('hides from the palette what has nothing to act on', () => {
    const hidden = new Map(
      contributes.menus.commandPalette.map(({ command, when }) => [
        command.replace('claudeProjects.', ''),
        when.replaceAll('claudeProjects.', ''),
      ]),
    );
    assert.deepEqual(Object.fromEntries(hidden), {
      loadMoreSessions: 'false',
      confirmConnection: "settingsReview == 'connect'",
      confirmDisconnection: "settingsReview == 'disconnect'",
      cancelSettingsChange: 'settingsReview',
      changeFilter: 'false',
      clearFilter: 'isFiltered',
      completeSession: 'hasOwnSession',
      startTask: 'hasOwnSession',
      completeTask: 'hasOwnOpenTask',
      blockTask: 'hasOwnOpenTask',
      failTask: 'hasOwnRunningTask',
      markSessionFailed: 'hasLiveSession',
      recoverSession: 'hasRecoverable',
      archiveSession: 'hasArchivable',
      deleteSession: 'hasDeletable',
      filterSessions: 'hasSessions',
      showSessionDetails: 'hasSessions',
      showTerminal: 'hasLiveSession',
      copyResumeCommand: 'hasSessions',
      copySessionId: 'hasSessions',
      clearApiKey: 'hasStoredKey',
    });
  });

  it('uses only context keys that the extension sets', () => {
    const asked = stringsIn(contributes)
      .flatMap((text) => [...text.matchAll(/(?<!config\.|view == |command:)\bclaudeProjects\.(\w+)/g)])
      .filter(([, name = '']) => !(`claudeProjects.${name}` in COMMANDS) && /^(has|is|viewState)/.test(name))
      .map(([key]) => key);
    assert.deepEqual([...new Set(asked)].toSorted(), [...CONTEXT_KEYS, 'claudeProjects.viewState'].toSorted());
  });

  it('has a welcome for every state of the view', () => {
    const states = ['loading', 'empty', 'offline', 'keyMissing', 'keyRefused', 'notOurApi', 'unusable'];
    assert.deepEqual(
      contributes.viewsWelcome.map((welcome) => welcome.when),
      states.map((state) => `claudeProjects.viewState == '${state}'`),
    );
  });

  it('uses every string of package.nls.json, and none that is not there', () => {
    const used = stringsIn(manifest).flatMap((value) => /^%(.+)%$/.exec(value)?.[1] ?? []);
    assert.deepEqual([...new Set(used)].toSorted(), Object.keys(text).toSorted());
  });

  it('declares every setting that is read, and no other', () => {
    assert.deepEqual(Object.keys(properties).toSorted(), SETTING_NAMES.map((name) => `${SECTION}.${name}`).toSorted());
  });

  it('declares the defaults that hold', () => {
    const raw = { ...emptySettings };
    for (const name of SETTING_NAMES) Object.assign(raw, { [name]: properties[`${SECTION}.${name}`]?.default });
    const { settings, problems } = checkSettings(raw, inEnglish);
    assert.deepEqual(problems, []);
    assert.deepEqual(settings, checkSettings(emptySettings, inEnglish).settings);
  });

  it('declares the bounds that hold', () => {
    const { 'claudeProjects.heartbeatIntervalSeconds': beat, 'claudeProjects.refreshIntervalSeconds': refresh } =
      contributes.configuration.properties;
    assert.deepEqual([beat.minimum, beat.maximum], [HEARTBEAT_SECONDS.least, HEARTBEAT_SECONDS.most]);
    assert.deepEqual([refresh.minimum, refresh.maximum], [REFRESH_SECONDS.least, REFRESH_SECONDS.most]);
  });

  it('lets no workspace say where the key goes or which machine this is', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    for (const name of restrictedConfigurations) assert.equal(properties[name]?.scope, 'machine', name);
    assert.ok(restrictedConfigurations.includes('claudeProjects.apiBaseUrl'));
    assert.ok(restrictedConfigurations.includes('claudeProjects.machineId'));
  });

  it('names files that are there', () => {
    for (const { icon } of contributes.viewsContainers.activitybar) {
      assert.match(readFileSync(join(folder, icon), 'utf8'), /^<svg /);
    }
  });
});

describe('sentences for people', () => {
  it('are in the bundle that translators work from, and the bundle holds no other', () => {
    const bundle: unknown = JSON.parse(readFileSync(join(folder, 'l10n/bundle.l10n.json'), 'utf8'));
    assert.ok(typeof bundle === 'object' && bundle !== null);
    const expected = sentencesIn(join(folder, 'src'));
    assert.ok(expected.includes('Set API Key'), 'sentences are no longer found');
    assert.deepEqual(Object.keys(bundle).toSorted(), expected, 'run `pnpm --filter claude-projects l10n`');
  });
});
