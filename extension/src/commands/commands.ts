import { cancelSettingsChange, confirmSettingsChange } from './answer-settings-review.ts';
import { archiveSession } from './archive-session.ts';
import { blockTask } from './block-task.ts';
import { clearApiKey } from './clear-api-key.ts';
import { clearFilter } from './clear-filter.ts';
import type { Command } from './command-deps.ts';
import { completeSession } from './complete-session.ts';
import { completeTask } from './complete-task.ts';
import { connectClaudeCode } from './connect-claude-code.ts';
import { copyResumeCommand } from './copy-resume-command.ts';
import { copySessionId } from './copy-session-id.ts';
import { deleteSession } from './delete-session.ts';
import { disconnectClaudeCode } from './disconnect-claude-code.ts';
import { dismissOlderSessions } from './dismiss-older-sessions.ts';
import { dismissSession } from './dismiss-session.ts';
import { failTask } from './fail-task.ts';
import { filterSessions } from './filter-sessions.ts';
import { forEachRow } from './for-each-row.ts';
import { groupSessionsBy } from './group-sessions-by.ts';
import { loadMoreSessions } from './load-more-sessions.ts';
import { markSessionFailed } from './mark-session-failed.ts';
import { openSettings } from './open-settings.ts';
import { openWalkthrough } from './open-walkthrough.ts';
import { recoverSession } from './recover-session.ts';
import { refreshSessions } from './refresh-sessions.ts';
import { restartLocalServer } from './restart-local-server.ts';
import { restoreDismissedSession } from './restore-dismissed-session.ts';
import { runDemoOrchestration } from './run-demo-orchestration.ts';
import { setApiKey } from './set-api-key.ts';
import { showDismissedSessions } from './show-dismissed-sessions.ts';
import { showLog } from './show-log.ts';
import { showSessionDetails } from './show-session-details.ts';
import { showTerminal } from './show-terminal.ts';
import { startSession } from './start-session.ts';
import { startTask } from './start-task.ts';

/** Every command by its id. The manifest declares the same ones; a test keeps the two equal. */
export const COMMANDS = {
  'claudeProjects.startSession': startSession,
  'claudeProjects.completeSession': forEachRow(completeSession),
  'claudeProjects.startTask': startTask,
  'claudeProjects.completeTask': completeTask,
  'claudeProjects.failTask': failTask,
  'claudeProjects.blockTask': blockTask,
  'claudeProjects.markSessionFailed': forEachRow(markSessionFailed),
  'claudeProjects.recoverSession': forEachRow(recoverSession),
  'claudeProjects.archiveSession': forEachRow(archiveSession),
  'claudeProjects.deleteSession': forEachRow(deleteSession),
  'claudeProjects.dismissSession': dismissSession,
  'claudeProjects.dismissOlderSessions': dismissOlderSessions,
  'claudeProjects.restoreDismissedSession': restoreDismissedSession,
  'claudeProjects.showDismissedSessions': showDismissedSessions,
  'claudeProjects.refreshSessions': refreshSessions,
  'claudeProjects.filterSessions': filterSessions,
  // The same question, behind the icon that shows that a filter is on.
  'claudeProjects.changeFilter': filterSessions,
  'claudeProjects.clearFilter': clearFilter,
  'claudeProjects.groupSessionsBy': groupSessionsBy,
  'claudeProjects.loadMoreSessions': loadMoreSessions,
  'claudeProjects.showSessionDetails': showSessionDetails,
  'claudeProjects.showTerminal': showTerminal,
  'claudeProjects.copyResumeCommand': copyResumeCommand,
  'claudeProjects.copySessionId': copySessionId,
  'claudeProjects.setApiKey': setApiKey,
  'claudeProjects.clearApiKey': clearApiKey,
  'claudeProjects.connectClaudeCode': connectClaudeCode,
  'claudeProjects.disconnectClaudeCode': disconnectClaudeCode,
  'claudeProjects.confirmConnection': confirmSettingsChange,
  'claudeProjects.confirmDisconnection': confirmSettingsChange,
  'claudeProjects.cancelSettingsChange': cancelSettingsChange,
  'claudeProjects.restartLocalServer': restartLocalServer,
  'claudeProjects.openSettings': openSettings,
  'claudeProjects.openWalkthrough': openWalkthrough,
  'claudeProjects.showLog': showLog,
  'claudeProjects.runDemoOrchestration': runDemoOrchestration,
} as const satisfies Readonly<Record<`claudeProjects.${string}`, Command>>;

export type CommandId = keyof typeof COMMANDS;
