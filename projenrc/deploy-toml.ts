import { mkdirSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { permissionsDocument } from './permissions';
import { IGNORED_KEYS } from '../src/config/rules/ignored-keys';
import { deploySchema } from '../src/config/schema';
import { type Outline, outline } from '../src/config/schema/outline';

/** The JSON Schema of deploy.toml, by which editors complete and check it. */
export function jsonSchema(): string {
  const schema = z.toJSONSchema(deploySchema, { io: 'input', target: 'draft-7', reused: 'ref' });
  return JSON.stringify({ title: 'deploy.toml of pmcp-deploy', ...schema }, undefined, 2) + '\n';
}

const INTRODUCTION = `# \`.pmcp/deploy.toml\`

This file configures the deployment of a server. Only \`[aws] region\` and \`[server] name\` are required. Paths are relative to the parent folder of
\`.pmcp\`. All problems of the file are reported at once, with file, line and column. An unknown key is an error. A key without effect, such as
\`[auth.oidc]\` if \`provider\` is \`cognito\`, causes a warning.

\`[stages.<name>]\` overrides any key for \`--stage <name>\`: tables are merged, \`[[servers]]\` are merged by name, and every other value is replaced,
including arrays. Each stage is a separate stack (\`<server>-<stage>\`). The default stage is the file without these tables.

\`[[servers]]\` deploys several servers of one workspace in one stack. \`[server] name\` is then the name of the stack. Each entry inherits the keys that it
does not have from the rest of the file, by the same rules. Its binary has its name, unless \`[build] binary\` is set.

<!-- Made from src/config/schema by projenrc/deploy-toml.ts: edit there. -->
`;

/** The documentation of all keys of deploy.toml. */
export function reference(): string {
  return [INTRODUCTION, ...outline(deploySchema).flatMap(section)].join('\n');
}

function section(entry: Outline): string[] {
  const name = entry.path.join('.');
  const title = { table: `[${name}]`, map: entry.keys.length > 0 ? `[${name}.<name>]` : `[${name}]`, tables: `[[${name}]]`, value: name }[entry.kind];
  const lines = [`## \`${title}\``, '', entry.description + note(entry), ''];
  if (name === 'servers' || name === 'stages') return lines;
  if (entry.kind === 'map' && entry.keys.length === 0) lines.push(`Values: ${entry.allowed}. Example: \`${JSON.stringify(entry.example)}\`.`, '');
  const values = entry.keys.filter(({ kind }) => kind === 'value');
  if (values.length > 0) lines.push('| key | value | default | meaning |', '| --- | --- | --- | --- |', ...values.map(row), '');
  return [...lines, ...entry.keys.filter(({ kind }) => kind !== 'value').flatMap(section)];
}

function row(entry: Outline): string {
  const fallback = entry.required ? '**required**' : entry.default === undefined ? '' : `\`${JSON.stringify(entry.default)}\``;
  return `| ${[`\`${entry.path.at(-1)}\``, entry.allowed, fallback, entry.description + note(entry)].map(cell).join(' | ')} |`;
}

function note({ path }: Outline): string {
  const ignoredKeys = IGNORED_KEYS.find((each) => each.path.join('.') === path.join('.'));
  return ignoredKeys === undefined ? '' : ` *It ${ignoredKeys.why}.*`;
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/</g, '&lt;');
}

if (require.main === module) {
  for (const [folder, file, content] of [['schema', 'deploy.schema.json', jsonSchema()], ['docs', 'deploy-toml.md', reference()], ['docs', 'permissions.md', permissionsDocument()]]) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/${file}`, content);
  }
}
