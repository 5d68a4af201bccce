import type { TaskStore } from '../../storage.ts';
import type { Runner } from '../engine/runner.ts';
import { listTasks, listTasksOfSession } from './task-list.ts';
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
    insert: (record) => runner.run((connection) => insertTask(connection, record)),
    get: (taskId) => runner.run((connection) => getTask(connection, taskId)),
    update: (taskId, guard, changes) => runner.run((connection) => updateTask(connection, taskId, guard, changes)),
    delete: (taskId) => runner.run((connection) => deleteTask(connection, taskId)),
    list: (filter, page) => runner.run((connection) => listTasks(connection, filter, page)),
    listOfSession: (sessionId) => runner.run((connection) => listTasksOfSession(connection, sessionId)),
    failRunning: (sessionId, at, errorMessage) =>
      runner.run((connection) => failRunningTasks(connection, sessionId, at, errorMessage)),
    setExpiry: (sessionId, expiresAt) => runner.run((connection) => setTaskExpiry(connection, sessionId, expiresAt)),
    deleteOfSession: (sessionId) => runner.run((connection) => deleteTasksOfSession(connection, sessionId)),
  };
}
