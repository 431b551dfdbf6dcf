import { ApiMapping, DomainName, HttpApi, IHttpStage, IpAddressType } from 'aws-cdk-lib/aws-apigatewayv2';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AaaaRecord, ARecord, IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';

/**
 * A domain name of your own for the MCP endpoint.
 */
export interface McpDomainOptions {
  /** The domain name, such as `mcp.example.com`. */
  readonly domainName: string;

  /** A certificate for the domain name, in the region of the stack. */
  readonly certificate: ICertificate;

  /**
   * The Route 53 zone to make the alias records in.
   *
   * @default - none: let the name point to the output `DomainTarget` yourself
   */
  readonly hostedZone?: IHostedZone;

  /**
   * Closes the gateway's own address, so that the domain name is the only way in.
   *
   * @default false
   */
  readonly disableDefaultEndpoint?: boolean;
}

/**
 * Leads a domain name to an HTTP API.
 *
 * @returns what the domain name's records must point to
 * @internal
 */
export function addDomain(scope: Construct, httpApi: HttpApi, options: McpDomainOptions): string {
  const dualStack = { ipAddressType: IpAddressType.DUAL_STACK };
  const domainName = new DomainName(scope, 'DomainName', { domainName: options.domainName, certificate: options.certificate, ...dualStack });
  new ApiMapping(scope, 'ApiMapping', { api: httpApi, domainName, stage: httpApi.node.findChild('DefaultStage') as unknown as IHttpStage });
  const target = new ApiGatewayv2DomainProperties(domainName.regionalDomainName, domainName.regionalHostedZoneId);
  if (options.hostedZone) {
    const record = { zone: options.hostedZone, recordName: `${options.domainName}.`, target: RecordTarget.fromAlias(target) };
    new ARecord(scope, 'AliasRecord', record);
    new AaaaRecord(scope, 'AliasRecordIPv6', record);
  }
  return domainName.regionalDomainName;
}
