import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { UserPool, UserPoolOperation } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { McpCognitoAuthOptions } from './cognito-options';
import { KNOWN_CALLBACK_PREFIXES, KNOWN_CALLBACK_URLS } from './known-clients';
import { maxClients } from './quotas';
import { McpRegistrationOptions } from './registration-options';
import { firstScopes } from './scopes';
import { CognitoSignIn } from './sign-in';
import { RouteLimits } from '../../endpoint/route-limits';
import { acknowledge } from '../../private/nag';
import { AuthFunction } from '../discovery/auth-function';
import { AuthTarget, addPublicRoutes } from '../discovery/discovery';
import { RegistrationSettings } from '../discovery/handler-settings';

/**
 * Properties of the registration of clients.
 *
 * @internal
 */
export interface RegistrationProps extends AuthTarget {
  readonly cognito: CognitoSignIn;
  readonly options: McpCognitoAuthOptions;
  readonly registration: McpRegistrationOptions;
  readonly registrationPath: string;
}

/**
 * Path of the registration endpoint: one per server of an API.
 *
 * @internal
 */
export function registrationPath(path: string, root: boolean): string {
  return root ? '/oauth/register' : `/oauth/register${path}`;
}

/** Throttling of the registration endpoint: a user starts each registration. */
const REGISTRATION_LIMITS: RouteLimits = { rateLimit: 5, burstLimit: 10 };

/**
 * Add dynamic client registration with limits, and the deletion of unused clients.
 *
 * @internal
 */
export function addRegistration(scope: Construct, props: RegistrationProps): void {
  const { cognito, options, registration } = props;
  const within = new Construct(scope, 'Registration');
  const table = new Table(within, 'Table', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: 'expires',
    removalPolicy: RemovalPolicy.DESTROY,
  });
  acknowledge(table, 'AwsSolutions-DDB3', 'The table has counters and dates of registrations: clients that get lost register again.');

  const settings: RegistrationSettings = {
    userPoolId: cognito.userPool.userPoolId,
    table: table.tableName,
    redirectUris: [...KNOWN_CALLBACK_URLS, ...options.callbackUrls ?? [], ...registration.redirectUris ?? []],
    redirectPrefixes: KNOWN_CALLBACK_PREFIXES,
    allowedScopes: registration.allowedScopes ?? cognito.allScopes,
    defaultScopes: firstScopes(options),
    identityProviders: cognito.identityProviders,
    accessTokenSeconds: (options.accessTokenValidity ?? Duration.hours(1)).toSeconds(),
    refreshTokenSeconds: (options.refreshTokenValidity ?? Duration.days(30)).toSeconds(),
    maxPerHour: registration.maxPerHour ?? 100,
    maxPerHourAndAddress: registration.maxPerHourAndAddress ?? 20,
    maxClients: maxClients(options),
    pruneAfterSeconds: (registration.pruneAfter ?? Duration.days(60)).toSeconds(),
    managedLogin: cognito.managedLogin,
  };
  const { httpApi, logRetention, logRemovalPolicy } = props;
  const shared = { settings: Stack.of(scope).toJsonString(settings), logRetention, logRemovalPolicy };
  const poolArn = cognito.userPool.userPoolArn;

  const register = new AuthFunction(within, 'Register', {
    ...shared,
    handler: 'registration',
    description: 'Registers OAuth clients of '
    + `${scope.node.path}`,
  });
  // A client whose style cannot be created is deleted again.
  const branding = cognito.managedLogin ? ['cognito-idp:CreateManagedLoginBranding', 'cognito-idp:DeleteUserPoolClient'] : [];
  const undo = cognito.managedLogin ? ['dynamodb:DeleteItem'] : [];
  register.function.addToRolePolicy(new PolicyStatement({
    actions: ['cognito-idp:CreateUserPoolClient', ...branding], resources: [poolArn],
  }));
  register.function.addToRolePolicy(new PolicyStatement({
    actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', ...undo], resources: [table.tableArn],
  }));
  addPublicRoutes(register, {
    httpApi, handler: register.function, paths: [props.registrationPath], method: HttpMethod.POST, limits: REGISTRATION_LIMITS,
  });

  const prune = new AuthFunction(within, 'Prune', {
    ...shared, handler: 'pruning', timeout: Duration.minutes(5), description: `Removes unused OAuth clients of ${scope.node.path}`,
  });
  const styles = cognito.managedLogin ? ['cognito-idp:DescribeManagedLoginBrandingByClient', 'cognito-idp:DeleteManagedLoginBranding'] : [];
  prune.function.addToRolePolicy(new PolicyStatement({ actions: ['cognito-idp:DeleteUserPoolClient', ...styles], resources: [poolArn] }));
  prune.function.addToRolePolicy(new PolicyStatement({
    actions: ['dynamodb:Scan', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'], resources: [table.tableArn],
  }));
  new Rule(within, 'Daily', { schedule: Schedule.rate(Duration.days(1)), targets: [new LambdaFunction(prune.function)] });

  if (cognito.userPool instanceof UserPool && !options.userPool) {
    const usage = new AuthFunction(within, 'Usage', {
      ...shared,
      settings: Stack.of(scope).toJsonString({ table: table.tableName }),
      handler: 'usage',
      timeout: Duration.seconds(4),
      description: `Notes which OAuth clients of ${scope.node.path} are in use`,
    });
    usage.function.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:UpdateItem'], resources: [table.tableArn] }));
    cognito.userPool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION, usage.function);
  }
}
