import { tagValue } from './tags';
import { bool, table, text } from '../types';

export const composition = table({
  tier: tagValue.optional().meta({
    description: 'Tier of the server in a family of servers. Becomes the tag pmcp:tier.',
    examples: ['foundation'],
  }),
  allow_composition: bool().optional().meta({
    description: 'If true, other servers may build on this one. Becomes the tag pmcp:allow-composition.',
    examples: [true],
  }),
  internal_only: bool().optional().meta({
    description: 'If true, only other servers should use this one. Becomes the tag pmcp:internal-only. It restricts nothing: [auth] does.',
    examples: [false],
  }),
  description: text('a text of 1 to 1024 characters', 1024).optional().meta({
    description: 'What the server offers to others. Becomes the description of the stack.',
    examples: ['Weather data'],
  }),
}).meta({ description: 'How this server relates to others.' });

export const metadata = table({
  server_type: tagValue.optional().meta({
    description: 'Type of a prebuilt server. Becomes the tag pmcp:server-type.',
    examples: ['openapi'],
  }),
  snapshot_baked: bool().optional().meta({
    description: 'If true, a prebuilt server has its data in the binary. Becomes the tag pmcp:snapshot-baked.',
    examples: [false],
  }),
}).meta({ description: 'Facts about prebuilt servers.' });
