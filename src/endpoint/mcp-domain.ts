import { ApiMapping, DomainName, HttpApi, IHttpStage, IpAddressType } from 'aws-cdk-lib/aws-apigatewayv2';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AaaaRecord, ARecord, IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';

/** `cdk -c` with this key and `off` leaves domain names out: a local AWS has none, and the name may belong to a server that is in use. */
const DOMAIN_CONTEXT = 'pmcp-deploy:domain';

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
   * Closes the address that API Gateway gave the HTTP API, so that the domain name, and what is put in front of it, is the only way in.
   * Changing this replaces nothing.
   *
   * @default true
   */
  readonly disableDefaultEndpoint?: boolean;
}

/**
 * The domain name, unless the context says that there are none.
 *
 * @internal
 */
export function domainOf(scope: Construct, domain?: McpDomainOptions): McpDomainOptions | undefined {
  const context: unknown = scope.node.tryGetContext(DOMAIN_CONTEXT);
  if (context !== undefined && context !== 'off') throw new Error(`context ${DOMAIN_CONTEXT} is ${JSON.stringify(context)}: it can only be off`);
  return context === undefined ? domain : undefined;
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
