import type { TaskStore } from '../../storage.ts';
import type { Runner } from '../engine/runner.ts';
import { listTasks, listTasksOfSession } from './task-lists.ts';
import {
  deleteTask,
  deleteTasksOfSession,
  failRunningTasks,
  getTask,
  insertTask,
  setTaskExpiry,
  updateTask,
} from './task-writes.ts';

export function createTaskStore(runner: Runner): TaskStore {
  return {
    insert: (record) => insertTask(runner, record),
    get: (taskId) => getTask(runner, taskId),
    update: (taskId, guard, changes) => updateTask(runner, taskId, guard, changes),
    delete: (taskId) => deleteTask(runner, taskId),
    list: (filter, page) => listTasks(runner, filter, page),
    listOfSession: (sessionId) => listTasksOfSession(runner, sessionId),
    failRunning: (sessionId, at, errorMessage) => failRunningTasks(runner, sessionId, at, errorMessage),
    setExpiry: (sessionId, expiresAt) => setTaskExpiry(runner, sessionId, expiresAt),
    deleteOfSession: (sessionId) => deleteTasksOfSession(runner, sessionId),
  };
}
