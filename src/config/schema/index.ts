import * as z from 'zod';
import { partialShape } from './partial';
import { STAGE_NAME, STAGE_NAME_FORM } from './stage-name';
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

/** Tables that each of `[[servers]]` can have. */
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

/** Keys of `[server]` that an entry of `[[servers]]` has directly. */
export const SERVER_KEYS = ['name', ...Object.keys(serverKeys)];

/** Tables of an entry of `[[servers]]`. */
export const SERVER_TABLES = Object.keys(serverTables);

/** More servers would exceed CloudFormation's limits of 500 resources and 200 outputs per stack. */
export const MAX_SERVERS = 25;

/** Every stage is checked, so this bounds the time. */
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

const servers = listOf(table({
  name: serverName.meta({ description: 'Name of the server, unique in the file.', examples: ['weather'] }),
  ...partialShape({ ...serverKeys, ...serverTables }),
}), 'tables').min(1).max(MAX_SERVERS).optional().meta({
  description: 'Several servers in one stack, built together. Each entry has the keys of [server] and its own tables. Keys that it '
    + 'does not have '
    + 'come from the tables above.',
  examples: [[
    { name: 'weather', mcp_path: '/mcp', build: { binary: 'weather' } },
    { name: 'maps', memory_mb: 1024, build: { binary: 'maps' } },
  ]],
});

const stageName = matching(STAGE_NAME, `the name of a stage: ${STAGE_NAME_FORM}`);

/** deploy.toml for one stage. */
export const deploymentSchema = z.strictObject({ ...tables, servers });

/** A whole deploy.toml. */
export const deploySchema = deploymentSchema.extend({
  stages: mapOf(stageName, z.strictObject(partialShape({ ...tables, servers })), 'tables, one for each stage')
    .refine((stages) => Object.keys(stages).length <= MAX_STAGES, `must have at most ${MAX_STAGES} stages`).optional().meta({
      description: 'Stages. [stages.prod] overrides keys of this file for "--stage prod". Each stage is a separate stack.',
      examples: [{ prod: { aws: { account_id: '123456789012' }, server: { memory_mb: 1024 } } }],
    }),
});

/** deploy.toml for one stage, with defaults. */
export type Deployment = z.output<typeof deploymentSchema>;
