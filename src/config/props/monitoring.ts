import { Duration } from 'aws-cdk-lib';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { McpAlarmConfig, McpMonitoringConfig } from '../../monitoring/monitoring-options';
import type { Deployment } from '../load/deploy-file';

const TOPIC_ID = 'AlarmTopic';

/** The dashboard and the alarms from `[observability]`. */
export function monitoring(scope: Construct, { observability }: Deployment): McpMonitoringConfig | undefined {
  const { create_dashboard: dashboard, alarms } = observability;
  if (!dashboard && !alarms) return undefined;
  return McpMonitoringConfig.enabled({
    dashboard,
    alarms: alarms && McpAlarmConfig.enabled({
      errorCount: alarms.error_threshold,
      errorRate: alarms.error_rate_percent,
      serverErrorRate: alarms.error_rate_percent,
      latency: Duration.millis(alarms.latency_threshold_ms),
      throttles: alarms.throttle_threshold,
      emails: alarms.emails,
      topic: alarms.topic_arn === undefined ? undefined : topic(scope, alarms.topic_arn),
    }),
  });
}

/** Servers of one stack may share a topic. */
function topic(scope: Construct, arn: string): ITopic {
  return scope.node.tryFindChild(TOPIC_ID) as ITopic | undefined ?? Topic.fromTopicArn(scope, TOPIC_ID, arn);
}
