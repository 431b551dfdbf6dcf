import { Certificate, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone, type IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { reference } from './imported';
import { McpDomainOptions } from '../../endpoint/mcp-domain';
import type { Deployment } from '../load/deploy-file';

/** The custom domain from `[domain]`. */
export function domain(scope: Construct, { domain: options }: Deployment): McpDomainOptions | undefined {
  if (!options) return undefined;
  const { name, certificate_arn: arn, hosted_zone_id: zoneId, zone_name: zoneName } = options;
  return {
    domainName: name,
    certificate: reference<ICertificate>(scope, arn, (id) => Certificate.fromCertificateArn(scope, id, arn)),
    hostedZone: zoneId === undefined || zoneName === undefined ? undefined : reference<IHostedZone>(
      scope, zoneId, (id) => HostedZone.fromHostedZoneAttributes(scope, id, { hostedZoneId: zoneId, zoneName }),
    ),
    disableDefaultEndpoint: options.disable_default_endpoint,
  };
}
