import { existsSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { DescribeStackEventsCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateAliasCommand, DeleteAliasCommand, DeleteFunctionCommand, GetAliasCommand, GetFunctionConfigurationCommand, ListAliasesCommand,
  ListVersionsByFunctionCommand, PublishVersionCommand, UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { awsError, cloudFormation, lambda, stack } from './aws';
import type { TestProject } from './project';

/** Code and settings of a function: what a version freezes. */
interface Frozen {
  readonly CodeSha256: string;
  readonly Environment?: { readonly Variables: Record<string, string> };
}

interface FakeAlias {
  version: string;
  revision: number;
  weights: Record<string, number>;
  description?: string;
}

const PAGE = 2;

function conflict(name: string, status: number): Error {
  return Object.assign(awsError(name), { $metadata: { requestId: '1', httpStatusCode: status } });
}

/** A function of Lambda with its versions and aliases, and the stack that CloudFormation made of it, as far as a rollback meets them. */
export class FakeFunction {
  public latest: Frozen = { CodeSha256: '' };
  public readonly versions = new Map<string, Frozen & { readonly Description?: string; readonly LastModified: string }>();
  public readonly aliases = new Map<string, FakeAlias>();

  /** The version of the stack's output. */
  public deployed = '';
  private template = '';
  private published = 0;

  constructor() {
    this.answer();
  }

  /** Lambda's client gets its answers from here, again after it was reset. */
  public answer(): void {
    const about = ({ version, revision, weights, description }: FakeAlias, Name: string) => ({
      Name,
      FunctionVersion: version,
      RevisionId: String(revision),
      Description: description,
      ...Object.keys(weights).length > 0 && { RoutingConfig: { AdditionalVersionWeights: weights } },
    });
    const found = (name: string) => {
      const alias = this.aliases.get(name);
      if (!alias) throw conflict('ResourceNotFoundException', 404);
      return alias;
    };
    lambda.on(GetAliasCommand).callsFake(({ Name }: { Name: string }) => about(found(Name), Name));
    lambda.on(UpdateAliasCommand).callsFake(({ Name, FunctionVersion, RevisionId, RoutingConfig }: Record<string, any>) => {
      const alias = found(Name);
      if (RevisionId !== undefined && RevisionId !== String(alias.revision)) throw conflict('PreconditionFailedException', 412);
      if (!this.versions.has(FunctionVersion)) throw conflict('ResourceNotFoundException', 404);
      alias.version = FunctionVersion;
      alias.revision++;
      alias.weights = RoutingConfig?.AdditionalVersionWeights ?? alias.weights;
      return about(alias, Name);
    });
    lambda.on(CreateAliasCommand).callsFake(({ Name, FunctionVersion, Description }: Record<string, any>) => {
      if (this.aliases.has(Name)) throw conflict('ResourceConflictException', 409);
      this.aliases.set(Name, { version: FunctionVersion, revision: 1, weights: {}, description: Description });
      return {};
    });
    lambda.on(DeleteAliasCommand).callsFake(({ Name }: { Name: string }) => void this.aliases.delete(Name));
    lambda.on(ListAliasesCommand).callsFake(({ Marker = '0' }: { Marker?: string }) => {
      const all = [...this.aliases].map(([name, alias]) => about(alias, name));
      return { Aliases: all.slice(+Marker, +Marker + PAGE), NextMarker: +Marker + PAGE < all.length ? String(+Marker + PAGE) : undefined };
    });
    lambda.on(ListVersionsByFunctionCommand).callsFake(({ Marker = '0' }: { Marker?: string }) => {
      const all = [{ Version: '$LATEST', ...this.latest }, ...[...this.versions].map(([Version, version]) => ({ Version, ...version }))];
      return { Versions: all.slice(+Marker, +Marker + PAGE), NextMarker: +Marker + PAGE < all.length ? String(+Marker + PAGE) : undefined };
    });
    lambda.on(GetFunctionConfigurationCommand).callsFake(({ Qualifier }: { Qualifier?: string }) => (
      Qualifier === undefined ? { Version: '$LATEST', ...this.latest } : { Version: Qualifier, ...this.versions.get(Qualifier) }
    ));
    lambda.on(PublishVersionCommand).callsFake(({ CodeSha256, Description }: Record<string, string>) => {
      if (CodeSha256 !== undefined && CodeSha256 !== this.latest.CodeSha256) throw conflict('InvalidParameterValueException', 400);
      return { Version: this.publish(Description) };
    });
    lambda.on(DeleteFunctionCommand).callsFake(({ Qualifier }: { Qualifier: string }) => {
      if ([...this.aliases.values()].some(
        ({ version, weights }) => version === Qualifier || Qualifier in weights,
      )) throw conflict('ResourceConflictException', 409);
      this.versions.delete(Qualifier);
    });
  }

  /** Where users get to. */
  public get live(): string | undefined {
    return this.aliases.get('live')?.version;
  }

  /** The code that users get. */
  public get liveCode(): string | undefined {
    return this.versions.get(this.live ?? '')?.CodeSha256;
  }

  /** Publishes what there is, unless the newest version is the same. */
  public publish(description?: string): string {
    const [newest] = [...this.versions].reverse();
    const frozen = ({ CodeSha256, Environment }: Frozen) => [CodeSha256, Environment];
    if (newest && isDeepStrictEqual(frozen(newest[1]), frozen(this.latest))) return newest[0];
    const number = String(++this.published);
    this.versions.set(number, {
      ...this.latest,
      Description: description,
      LastModified: `2026-01-${number.padStart(2, '0')}T10:00:00.000+0000`,
    });
    return number;
  }

  /** What CloudFormation does with a template that has this code: nothing, where it is the template that it has already. */
  public deploy(code: string, outcome: 'done' | 'failed' = 'done'): void {
    if (code === this.template) return;
    const before = { latest: this.latest, live: this.live };
    this.latest = { ...this.latest, CodeSha256: code };
    const version = this.publish(`asset ${code.repeat(64).slice(0, 64)}`);
    this.point(outcome === 'done' ? version : this.deployed);
    if (outcome === 'failed') {
      this.latest = before.latest;
      this.versions.delete(version);
      return;
    }
    this.template = code;
    this.deployed = version;
  }

  /** Moves the live alias, as somebody else does. */
  public point(version: string, weights: Record<string, number> = {}): void {
    const { revision = 0 } = this.aliases.get('live') ?? {};
    this.aliases.set('live', { version, revision: revision + 1, weights });
  }

  /** The stack describes this function from now on; `next` is done when the CDK has been told to deploy. */
  public inStack(options: { url?: string; status?: string } = {}, project?: TestProject, next: () => void = () => undefined): void {
    let pending = true;
    cloudFormation.on(DescribeStackEventsCommand).resolves({ StackEvents: [] });
    cloudFormation.on(DescribeStacksCommand).callsFake(() => {
      if (pending && project && existsSync(project.calls) && readFileSync(project.calls, 'utf-8').includes('"command":"deploy"')) {
        pending = false;
        next();
      }
      if (this.deployed === '') throw awsError('ValidationError', 'Stack with id hello does not exist');
      const { Outputs = [], ...rest } = stack();
      return {
        Stacks: [{
          ...rest,
          StackStatus: options.status ?? 'UPDATE_COMPLETE',
          Outputs: [
            ...Outputs.map(
              (output) => (output.OutputKey === 'helloMcpUrl' && options.url ? { ...output, OutputValue: options.url } : output),
            ),
            { OutputKey: 'helloFunctionVersion', OutputValue: this.deployed },
          ],
        }],
      };
    });
  }
}
