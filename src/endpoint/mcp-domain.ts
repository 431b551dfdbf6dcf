import { ApiMapping, DomainName, IpAddressType } from 'aws-cdk-lib/aws-apigatewayv2';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AaaaRecord, ARecord, IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { OwnHttpApi } from './http-api';
import { contextChoice, ContextKey } from '../private/context';

/**
 * Custom domain of the MCP endpoint.
 */
export interface McpDomainOptions {
  /** The domain name, such as `mcp.example.com`. */
  readonly domainName: string;

  /** Certificate for the domain name, in the region of the stack. */
  readonly certificate: ICertificate;

  /**
   * Route 53 hosted zone to create the alias records in.
   *
   * @default - no records; point the domain name to the output `DomainTarget` yourself
   */
  readonly hostedZone?: IHostedZone;

  /**
   * Close the address that API Gateway assigns, so that clients can only use the domain name. A change replaces no resource.
   *
   * @default true
   */
  readonly disableDefaultEndpoint?: boolean;
}

/**
 * The custom domain, unless the context turns domains off.
 *
 * @internal
 */
export function domainOf(scope: Construct, domain?: McpDomainOptions): McpDomainOptions | undefined {
  return contextChoice(scope, ContextKey.DOMAIN, ['off']) === undefined ? domain : undefined;
}

/**
 * Map a custom domain to an HTTP API.
 *
 * @returns the target of the domain name's DNS records
 * @internal
 */
export function addDomain(scope: Construct, { httpApi, stage }: OwnHttpApi, options: McpDomainOptions): string {
  const domainName = new DomainName(scope, 'DomainName', {
    domainName: options.domainName,
    certificate: options.certificate,
    ipAddressType: IpAddressType.DUAL_STACK,
  });
  new ApiMapping(scope, 'ApiMapping', { api: httpApi, domainName, stage });
  const target = new ApiGatewayv2DomainProperties(domainName.regionalDomainName, domainName.regionalHostedZoneId);
  if (options.hostedZone) {
    const record = { zone: options.hostedZone, recordName: `${options.domainName}.`, target: RecordTarget.fromAlias(target) };
    new ARecord(scope, 'AliasRecord', record);
    new AaaaRecord(scope, 'AliasRecordIPv6', record);
  }
  return domainName.regionalDomainName;
}
