import type { Check } from '../check.ts';
import { neverShowsTheKey, refusesOtherKeys, wantsAKeyEverywhere } from './authentication.ts';
import { keepsTheTime } from './clock.ts';
import { bearsTenSessionsForMinutes } from './endurance.ts';
import { createsAreSafeToRepeat, sessionsLiveAndEnd } from './lifecycle.ts';
import { bearsTenSessions, createsAreQuick, healthQueriesAreQuick, heartbeatsAreQuick } from './load.ts';
import { machinesKnowTheirSessions } from './machines.ts';
import { answersPages } from './pages.ts';
import { beatsForFiveMinutes } from './pulse.ts';
import { recoversExactlyOnce } from './recovery.ts';
import { refusalsExplainThemselves, repliesCanBeFollowed } from './replies.ts';
import { keepsWhatIsRecent } from './retention.ts';
import { acceptsTheKey, answersAsThisApi, itsPartsAreWell } from './service.ts';
import { silence } from './silence.ts';
import { tasksTellTheProgress } from './tasks.ts';
import { hasALastingCertificate, insistsOnTls, sendsHttpToHttps } from './transport-security.ts';

/** In their order: the silence grows while the others run, so that little of it is left to wait for. */
export function checksOfARun(): readonly Check[] {
  const { begins, isNoticed } = silence();
  return [
    answersAsThisApi,
    acceptsTheKey,
    itsPartsAreWell,
    begins,
    keepsTheTime,
    wantsAKeyEverywhere,
    refusesOtherKeys,
    repliesCanBeFollowed,
    refusalsExplainThemselves,
    hasALastingCertificate,
    insistsOnTls,
    sendsHttpToHttps,
    answersPages,
    sessionsLiveAndEnd,
    createsAreSafeToRepeat,
    tasksTellTheProgress,
    machinesKnowTheirSessions,
    recoversExactlyOnce,
    keepsWhatIsRecent,
    bearsTenSessions,
    heartbeatsAreQuick,
    createsAreQuick,
    healthQueriesAreQuick,
    beatsForFiveMinutes,
    isNoticed,
    bearsTenSessionsForMinutes,
    neverShowsTheKey,
  ];
}
