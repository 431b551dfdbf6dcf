import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { jsonSchema, reference } from '../../projenrc/deploy-toml';
import { REGIONS } from '../../src/config/rules/regions';
import { deploySchema } from '../../src/config/schema';
import { type Outline, outline } from '../../src/config/schema/outline';
import { parse } from '../../src/util/smol-toml';

const read = (...path: string[]) => readFileSync(join(__dirname, ...path), 'utf-8');
const keys = (entries: readonly Outline[]): Outline[] => entries.flatMap((entry) => [entry, ...keys(entry.keys)]);

describe('the JSON Schema', () => {
  const validate = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(jsonSchema()));
  const problems = (toml: string) => validate(JSON.parse(JSON.stringify(parse(toml)))) ? [] : validate.errors!.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);

  test.each(['cargo-pmcp-init.toml', 'everything.toml'])('accepts %s', (file) => {
    expect(problems(read('fixtures', file))).toEqual([]);
  });

  test('refuses what the tool refuses', () => {
    expect(problems('[aws]\nregion = "us-east-1"\nregoin = "x"\n[server]\nmemory_mb = 64\n[stages.prod.server]\ntimeout_seconds = "1"\n')).toEqual([
      '/aws additionalProperties', '/server required', '/server/memory_mb minimum', '/stages/prod/server/timeout_seconds type',
    ]);
  });

  test('is the one in the package (npx projen reference)', () => {
    expect(read('..', '..', 'schema', 'deploy.schema.json')).toBe(jsonSchema());
  });
});

describe('the documentation', () => {
  test('is made from the schema of today (npx projen reference)', () => {
    expect(read('..', '..', 'docs', 'deploy-toml.md')).toBe(reference());
  });

  test('has every key, each with a description', () => {
    const all = keys(outline(deploySchema));
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter(({ description }) => description === '').map(({ path }) => path.join('.'))).toEqual([]);
  });
});

test('the regions are those that the CDK knows', () => {
  expect(REGIONS).toEqual(RegionInfo.regions.map(({ name }) => name));
});
