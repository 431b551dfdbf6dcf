import * as z from 'zod';
import { partialShape } from './partial';
import { auth } from './tables/auth';
import { aws, target } from './tables/aws';
import { assets, build, widgets } from './tables/build';
import { deployment, postDeployTests } from './tables/deployment';
import { domain } from './tables/domain';
import { environment } from './tables/environment';
import { apiGateway, cors } from './tables/http';
import { iam } from './tables/iam';
import { composition, metadata } from './tables/metadata';
import { observability } from './tables/observability';
import { secrets } from './tables/secrets';
import { server, serverKeys, serverName } from './tables/server';
import { tags } from './tables/tags';
import { vpc } from './tables/vpc';
import { listOf, mapOf, matching, table } from './types';

/** The tables that each server of several can have its own of. */
const serverTables = {
  environment: environment.prefault({}),
  build: build.prefault({}),
  iam: iam.prefault({}),
  assets: assets.prefault({}),
  widgets,
  observability: observability.prefault({}),
  api_gateway: apiGateway.prefault({}),
  cors: cors.optional(),
  vpc: vpc.optional(),
  domain: domain.optional(),
  secrets: secrets.prefault({}),
  auth: auth.optional(),
  deployment: deployment.prefault({}),
};

/** The keys of `[server]` that a `[[servers]]` entry has directly. */
export const SERVER_KEYS = ['name', ...Object.keys(serverKeys)];

/** The tables of a `[[servers]]` entry. */
export const SERVER_TABLES = Object.keys(serverTables);

/** More do not fit in one stack: CloudFormation takes 500 resources and 200 outputs. */
export const MAX_SERVERS = 25;

/** So that a file is checked in no time. */
export const MAX_STAGES = 25;

const tables = {
  target: target.prefault({}),
  aws,
  server,
  ...serverTables,
  tags: tags.prefault({}),
  post_deploy_tests: postDeployTests.prefault({}),
  composition: composition.prefault({}),
  metadata: metadata.prefault({}),
};

const servers = listOf(
  table({ name: serverName.meta({ description: 'Name of this server among those of the file.', examples: ['weather'] }), ...partialShape({ ...serverKeys, ...serverTables }) }), 'tables',
).min(1).max(MAX_SERVERS).optional().meta({
  description: 'Several servers in one stack, built together. Each entry has the keys of [server] and tables of its own; what it does not say is taken from the tables above.',
  examples: [[{ name: 'weather', mcp_path: '/mcp', build: { binary: 'weather' } }, { name: 'maps', memory_mb: 1024, build: { binary: 'maps' } }]],
});

const stageName = matching(/^(?!default$)[A-Za-z][A-Za-z0-9-]{0,19}$/, 'the name of a stage: a letter, then letters, digits and hyphens (at most 20), and not "default"');

/** One deployment: what is left when the stage is chosen. */
export const deploymentSchema = z.strictObject({ ...tables, servers });

/** All of a deploy.toml. */
export const deploySchema = deploymentSchema.extend({
  stages: mapOf(stageName, z.strictObject(partialShape({ ...tables, servers })), 'tables, one for each stage')
    .refine((stages) => Object.keys(stages).length <= MAX_STAGES, `has more than ${MAX_STAGES} stages`).optional().meta({
      description: 'Stages: [stages.prod] overrides any key of this file for `--stage prod`, in a stack of its own.',
      examples: [{ prod: { aws: { account_id: '123456789012' }, server: { memory_mb: 1024 } } }],
    }),
});

/** What a deploy.toml says for one stage, with the defaults filled in. */
export type Deployment = z.output<typeof deploymentSchema>;
