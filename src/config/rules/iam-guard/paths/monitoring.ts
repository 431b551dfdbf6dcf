import type { EscalationPath } from './escalation-path';
import { kind, typed } from '../kinds';

/** Ways to hide from what monitors the account. */
export const MONITORING_PATHS: readonly EscalationPath[] = [
  {
    actions: 'cloudtrail:StopLogging DeleteTrail UpdateTrail PutEventSelectors PutInsightSelectors PutEventConfiguration '
      + 'DeleteEventDataStore UpdateEventDataStore StopEventDataStoreIngestion PutResourcePolicy EnableFederation',
    kinds: [typed('cloudtrail', 'trail')],
    naming: 'exact',
    power: 'hide what it does',
  },
  {
    actions: 'guardduty:DeleteDetector UpdateDetector DisassociateFromAdministratorAccount DisassociateFromMasterAccount DeleteMembers '
      + 'StopMonitoringMembers CreateFilter CreateIPSet UpdateIPSet CreateTrustedEntitySet',
    kinds: [kind('guardduty', 'detector/', 'detector', '/{/}')],
    naming: 'exact',
    power: 'hide what it does',
  },
  {
    actions: 'securityhub:DisableSecurityHub DeleteMembers DisassociateMembers BatchDisableStandards',
    kinds: [typed('securityhub', 'hub')],
    naming: 'exact',
    power: 'hide what it does',
  },
  {
    actions: 'access-analyzer:DeleteAnalyzer CreateArchiveRule UpdateArchiveRule',
    kinds: [typed('access-analyzer', 'analyzer', '/{/}')],
    naming: 'exact',
    power: 'hide what it does',
  },
  {
    actions: 'logs:DeleteLogGroup DeleteLogStream PutRetentionPolicy PutResourcePolicy PutDestinationPolicy PutSubscriptionFilter '
      + 'DeleteSubscriptionFilter PutAccountPolicy DeleteDataProtectionPolicy',
    kinds: [kind('logs', 'log-group:', 'log group', ':log-stream:{/}'), kind('logs', 'destination:', 'destination')],
    naming: 'prefix',
    power: 'delete the traces of what it does, or send logs elsewhere',
  },
];
