import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { McpAlarmConfig, McpMonitoringConfig, McpRustLambda, McpRustLambdaProps } from '../../src';
import { synthesize } from '../support/prebuilt';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function codeOf(content: string): Code {
  const folder = mkdtempSync(join(tmpdir(), 'pmcp-deploy-versions-'));
  folders.push(folder);
  writeFileSync(join(folder, 'bootstrap'), content);
  return Code.fromAsset(folder);
}

function versions(template: Template): Array<[string, any]> {
  return Object.entries(template.findResources('AWS::Lambda::Version'));
}

/** The logical id of the only version. */
function versionId(props: Partial<McpRustLambdaProps> = {}, change: (stack: Stack) => void = () => undefined): string {
  const stack = new Stack(new App(), 'Stack');
  new McpRustLambda(stack, 'Server', { code: codeOf('one'), ...props });
  change(stack);
  const found = versions(Template.fromStack(stack));
  expect(found).toHaveLength(1);
  return found[0][0];
}

describe('the alias', () => {
  test('is what the HTTP API calls, and may call', () => {
    const { template } = synthesize();
    const alias = { Ref: Match.stringLikeRegexp('^ServerLiveAlias') };
    template.hasResourceProperties('AWS::Lambda::Alias', { Name: 'live', FunctionVersion: { 'Fn::GetAtt': [versions(template)[0][0], 'Version'] } });
    template.allResourcesProperties('AWS::ApiGatewayV2::Integration', { IntegrationUri: alias });
    template.resourceCountIs('AWS::ApiGatewayV2::Integration', 1);
    template.allResourcesProperties('AWS::Lambda::Permission', { FunctionName: alias });
    template.resourceCountIs('AWS::Lambda::Permission', 1);
  });

  test('keeps instances warm when told', () => {
    const { template } = synthesize({ provisionedConcurrentExecutions: 2, reservedConcurrentExecutions: 5 });
    template.hasResourceProperties('AWS::Lambda::Alias', { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } });
    expect(() => synthesize({ provisionedConcurrentExecutions: 6, reservedConcurrentExecutions: 5 })).toThrow(
      'provisionedConcurrentExecutions is 6, more than reservedConcurrentExecutions, which is 5: lower it, or reserve more');
    expect(() => synthesize({ provisionedConcurrentExecutions: 0 })).toThrow('provisionedConcurrentExecutions is 0: it must be a positive integer');
  });
});

describe('the version', () => {
  test('stays when the next one comes, but not when the update that made it fails', () => {
    const [[, version]] = versions(synthesize().template);
    expect(version).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });

  test('says which asset it was made of', () => {
    const { template } = synthesize();
    const [[, version]] = versions(template);
    const [lambdaFunction] = Object.values(template.findResources('AWS::Lambda::Function'));
    expect(version.Properties.Description).toBe(`asset ${lambdaFunction.Properties.Code.S3Key.replace('.zip', '')}`);
  });

  test('says nothing about code that is no asset', () => {
    const { template } = synthesize((stack) => ({ code: Code.fromBucket(Bucket.fromBucketName(stack, 'Bucket', 'bucket'), 'server.zip') }));
    expect(versions(template)[0][1].Properties.Description).toBeUndefined();
  });

  test('is the same for the same code elsewhere, and another for other code or settings', () => {
    const id = versionId();
    expect(versionId()).toBe(id);
    expect(versionId({ code: codeOf('two') })).not.toBe(id);
    expect(versionId({ memorySize: 1024 })).not.toBe(id);
    expect(versionId({ environment: { A: 'b' } })).not.toBe(id);
  });

  test('is the same where Lambda would publish nothing new', () => {
    const id = versionId();
    expect(versionId({ reservedConcurrentExecutions: 5 })).toBe(id);
    expect(versionId({ gradualDeployment: { deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES } })).toBe(id);
    expect(versionId({ accessLogs: false })).toBe(id);
    expect(versionId({}, (stack) => Tags.of(stack).add('team', 'a'))).toBe(id);
  });

  describe('aws B3: a version is never asked for without a change of the function', () => {
    const ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:pmcp-deploy/hello/default/KEY-AbCdEf';

    /** The function's description, and the id of its version, with a version of a secret. */
    function deployed(props: (stack: Stack) => Partial<McpRustLambdaProps> = () => ({})): { description: string; version: string } {
      const stack = new Stack(new App(), 'Stack');
      new McpRustLambda(stack, 'Server', { code: codeOf('one'), ...props(stack) });
      const template = Template.fromStack(stack);
      const [lambdaFunction] = Object.values(template.findResources('AWS::Lambda::Function'));
      return { description: lambdaFunction.Properties.Description, version: versions(template)[0][0] };
    }

    const withSecret = (digit: string) => (stack: Stack) => ({
      secrets: { KEY: { secret: Secret.fromSecretCompleteArn(stack, 'Secret', ARN), versionId: digit.repeat(32) } },
    });

    test('another version of a secret, whose value may be the same, is a change of the function', () => {
      const [one, two] = ['1', '2'].map((digit) => deployed(withSecret(digit)));
      expect(one.version).not.toBe(two.version);
      expect(one.description).not.toBe(two.description);
      expect(one.description).toMatch(/^configuration [0-9a-f]{12}$/);
    });

    test('a text that resolves to the same value is a change of the function', () => {
      const environment = (value: string) => deployed((stack) => ({ environment: { REGION: value === 'literal' ? 'us-east-1' : stack.region } }));
      const [literal, reference] = ['literal', 'reference'].map(environment);
      expect(literal.version).not.toBe(reference.version);
      expect(literal.description).not.toBe(reference.description);
    });

    test('what changes no version changes no description', () => {
      expect(deployed()).toEqual(deployed());
      expect(deployed(() => ({ reservedConcurrentExecutions: 5 }))).toEqual(deployed());
      expect(deployed(withSecret('1'))).toEqual(deployed(withSecret('1')));
    });

    test('an own description stays in front, cut where Lambda has no room for all of it', () => {
      expect(deployed(() => ({ description: 'Weather' })).description).toMatch(/^Weather \[configuration [0-9a-f]{12}\]$/);
      const { description } = deployed(() => ({ description: 'x'.repeat(256) }));
      expect(description).toMatch(/^x{226}… \[configuration [0-9a-f]{12}\]$/);
      expect(description).toHaveLength(256);
    });
  });

  test('leaves no room for options that would not be followed', () => {
    expect(() => synthesize({ currentVersionOptions: { description: 'mine' } })).toThrow('currentVersionOptions cannot be set');
  });

  test('is there when bundling is skipped', () => {
    const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Stack');
    new McpRustLambda(stack, 'Server', { manifestPath: '/no/such/Cargo.toml' });
    expect(versions(Template.fromStack(stack))).toHaveLength(1);
  });
});

describe('a gradual deployment', () => {
  const gradualDeployment = { deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES };

  test('is left to CodeDeploy, which an alarm on errors stops', () => {
    const { template, server } = synthesize({ gradualDeployment });
    template.hasResource('AWS::Lambda::Alias', {
      UpdatePolicy: {
        CodeDeployLambdaAliasUpdate: {
          ApplicationName: { Ref: Match.stringLikeRegexp('^ServerDeploymentGroupApplication') },
          DeploymentGroupName: { Ref: Match.stringLikeRegexp('^ServerDeploymentGroup') },
        },
      },
    });
    template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      AlarmConfiguration: { Enabled: true, Alarms: [{ Name: { Ref: Match.stringLikeRegexp('^ServerDeploymentAlarm') } }] },
      AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'] },
      DeploymentStyle: { DeploymentOption: 'WITH_TRAFFIC_CONTROL', DeploymentType: 'BLUE_GREEN' },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Period: 60,
      Threshold: 1,
      TreatMissingData: 'notBreaching',
      Dimensions: [
        { Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('^ServerFunction') } },
        { Name: 'Resource', Value: { 'Fn::Join': ['', [{ Ref: Match.stringLikeRegexp('^ServerFunction') }, ':live']] } },
      ],
    });
    expect(server.deploymentGroup).toBeDefined();
  });

  test('heeds more alarms', () => {
    const { template } = synthesize((stack) => ({
      gradualDeployment: { ...gradualDeployment, alarms: [Alarm.fromAlarmArn(stack, 'Given', 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:given')] },
    }));
    template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', { AlarmConfiguration: { Alarms: Match.arrayWith([{ Name: 'given' }]) } });
  });

  test('heeds the alarms of the monitoring', () => {
    const { template } = synthesize({ gradualDeployment, monitoring: McpMonitoringConfig.enabled({ alarms: McpAlarmConfig.enabled() }) });
    const [group] = Object.values(template.findResources('AWS::CodeDeploy::DeploymentGroup'));
    expect(group.Properties.AlarmConfiguration.Alarms.length).toBe(Object.keys(template.findResources('AWS::CloudWatch::Alarm')).length);
    expect(group.Properties.AlarmConfiguration.Alarms.length).toBeGreaterThan(1);
  });

  test('aws (d): more alarms than CodeDeploy takes are refused', () => {
    const given = (stack: Stack, count: number) => Array.from({ length: count }, (_, index) => (
      Alarm.fromAlarmArn(stack, `Given${index}`, `arn:aws:cloudwatch:us-east-1:123456789012:alarm:given${index}`)
    ));
    const alarms = (count: number) => () => synthesize((stack) => ({ gradualDeployment: { ...gradualDeployment, alarms: given(stack, count) } }));
    expect(alarms(9)).not.toThrow();
    expect(alarms(10)).toThrow('gradualDeployment has 11 alarms, and CodeDeploy allows 10');
  });

  test('is not the default, and can be turned off from outside', () => {
    for (const { template, server } of [synthesize(), synthesize({ gradualDeployment }, { 'pmcp-deploy:strategy': 'all-at-once' })]) {
      template.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 0);
      template.hasResource('AWS::Lambda::Alias', { UpdatePolicy: Match.absent() });
      expect(server.deploymentGroup).toBeUndefined();
    }
    expect(() => synthesize({ gradualDeployment }, { 'pmcp-deploy:strategy': 'canary' })).toThrow(
      'context pmcp-deploy:strategy is "canary": it must be all-at-once');
  });
});
