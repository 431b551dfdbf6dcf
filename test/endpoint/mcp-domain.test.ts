import { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { McpDomainOptions } from '../../src';
import { synthesize } from '../support/prebuilt';

const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000';

function withDomain(options: Partial<McpDomainOptions> = {}, zone = false) {
  return synthesize((stack) => ({
    domain: {
      domainName: 'mcp.example.com',
      certificate: Certificate.fromCertificateArn(stack, 'Certificate', ARN),
      hostedZone: zone ? HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }) : undefined,
      ...options,
    },
  }));
}

test('the domain name leads to the stage, and is the endpoint', () => {
  const { template, server } = withDomain();
  expect(server.url).toBe('https://mcp.example.com/mcp');
  template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', { DomainName: 'mcp.example.com', DomainNameConfigurations: [{ CertificateArn: ARN }] });
  template.hasResource('AWS::ApiGatewayV2::ApiMapping', {
    Properties: { Stage: '$default', DomainName: { Ref: Match.stringLikeRegexp('^ServerDomainName') } },
    DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ServerHttpApiDefaultStage')]),
  });
  template.hasOutput('ServerMcpUrl', { Value: 'https://mcp.example.com/mcp' });
  template.hasOutput('ServerDomainTarget', { Value: Match.objectLike({ 'Fn::GetAtt': [Match.anyValue(), 'RegionalDomainName'] }) });
  template.resourceCountIs('AWS::Route53::RecordSet', 0);
});

test('in a hosted zone it gets alias records for IPv4 and IPv6', () => {
  const { template } = withDomain({}, true);
  for (const Type of ['A', 'AAAA']) template.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'mcp.example.com.', Type, HostedZoneId: 'Z1' });
});

test("security L13: the gateway's own address is closed unless it is kept open, and is told where it answers only", () => {
  for (const { template, server } of [withDomain(), withDomain({ disableDefaultEndpoint: true })]) {
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
    expect(template.findOutputs('ServerApiUrl')).toEqual({});
    template.hasOutput('ServerApiId', { Value: { Ref: Match.stringLikeRegexp('^ServerHttpApi') } });
    expect(server.apiUrl).toMatch(/\.execute-api\./);
  }
  const { template } = withDomain({ disableDefaultEndpoint: false });
  template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: false });
  template.hasOutput('ServerApiUrl', { Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ServerHttpApi'), 'ApiEndpoint'] } });
});

test('security L13: without a domain name, the address is the way in', () => {
  const { template } = synthesize();
  template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: Match.absent() });
  template.hasOutput('ServerApiUrl', {});
});

test('a local AWS leaves domain names out', () => {
  const props = (stack: Stack) => ({ domain: { domainName: 'mcp.example.com', certificate: Certificate.fromCertificateArn(stack, 'Certificate', ARN) } });
  const { template } = synthesize(props, { 'pmcp-deploy:domain': 'off' });
  template.resourceCountIs('AWS::ApiGatewayV2::DomainName', 0);
  template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: Match.absent() });
  template.hasOutput('ServerMcpUrl', { Value: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [Match.anyValue(), 'ApiEndpoint'] }, '/mcp']] } });
  expect(() => synthesize(props, { 'pmcp-deploy:domain': 'on' })).toThrow('context pmcp-deploy:domain is "on": it must be off');
});

test("an HTTP API of somebody else's keeps its own domain names", () => {
  expect(() => synthesize((stack) => ({
    httpApi: new HttpApi(stack, 'Api'),
    domain: { domainName: 'mcp.example.com', certificate: Certificate.fromCertificateArn(stack, 'Certificate', ARN) },
  }))).toThrow('domain cannot be combined with httpApi');
});
