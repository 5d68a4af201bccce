import type * as contract from '../contract/index.ts';
import type { Received } from './tolerant.ts';

// What calls return: the records of the contract, in which a newer server may use unknown enum values.
export type Session = Received<typeof contract.Session>;
export type SessionList = Received<typeof contract.SessionList>;
export type StalledSessionList = Received<typeof contract.StalledSessionList>;
export type SessionHealthSummary = Received<typeof contract.SessionHealthSummary>;
export type SessionHealthReport = Received<typeof contract.SessionHealthReport>;
export type DetectFailuresReport = Received<typeof contract.DetectFailuresReport>;
export type CleanupReport = Received<typeof contract.CleanupReport>;
export type RecoveryState = Received<typeof contract.RecoveryState>;
export type Task = Received<typeof contract.Task>;
export type TaskList = Received<typeof contract.TaskList>;
export type Machine = Received<typeof contract.Machine>;
export type MachineList = Received<typeof contract.MachineList>;
export type Stats = Received<typeof contract.Stats>;
export type ServiceHealth = Received<typeof contract.ServiceHealth>;
export type ServiceReadiness = Received<typeof contract.ServiceReadiness>;
export type DetailedHealth = Received<typeof contract.DetailedHealth>;
export type OpenApiDocument = Received<typeof contract.OpenApiDocument>;
export type StalledSession = Received<typeof contract.StalledSession>;
export type ConsistencyFinding = Received<typeof contract.ConsistencyFinding>;
