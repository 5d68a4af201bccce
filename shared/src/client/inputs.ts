import type { BodyInput, QueryInput } from '../contract/route.ts';
import type { ROUTES } from '../contract/routes.ts';

type Routes = typeof ROUTES;

// What callers pass: as the contract reads it, so that what has a default may be left out.
export type CreateSessionInput = BodyInput<Routes['createSession']>;
export type UpdateSessionInput = BodyInput<Routes['updateSession']>;
export type SendHeartbeatInput = BodyInput<Routes['sendHeartbeat']>;
export type MarkSessionFailedInput = BodyInput<Routes['markSessionFailed']>;
export type MarkSessionStalledInput = BodyInput<Routes['markSessionStalled']>;
export type RecoverSessionInput = BodyInput<Routes['recoverSession']>;
export type CreateTaskInput = BodyInput<Routes['createTask']>;
export type UpdateTaskInput = BodyInput<Routes['updateTask']>;
export type RegisterMachineInput = BodyInput<Routes['registerMachine']>;
export type UpdateMachineInput = BodyInput<Routes['updateMachine']>;

export type ListSessionsQuery = QueryInput<Routes['listSessions']>;
export type ListStalledSessionsQuery = QueryInput<Routes['listStalledSessions']>;
export type ListArchivedSessionsQuery = QueryInput<Routes['listArchivedSessions']>;
export type CleanupSessionsQuery = QueryInput<Routes['cleanupSessions']>;
export type DeleteOldSessionsQuery = QueryInput<Routes['deleteOldSessions']>;
export type ListTasksQuery = QueryInput<Routes['listTasks']>;
export type ListMachinesQuery = QueryInput<Routes['listMachines']>;
export type GetStatsQuery = QueryInput<Routes['getStats']>;
