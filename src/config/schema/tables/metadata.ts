import { tagValue } from './tags';
import { bool, table, text } from '../types';

export const composition = table({
  tier: tagValue.optional().meta({ description: 'Place in a family of servers. On AWS: the tag pmcp:tier.', examples: ['foundation'] }),
  allow_composition: bool().optional().meta({ description: 'Whether other servers may build on this one. On AWS: the tag pmcp:allow-composition.', examples: [true] }),
  internal_only: bool().optional().meta({
    description: 'Whether only other servers should use it. On AWS: the tag pmcp:internal-only; it closes nothing, [auth] does.',
    examples: [false],
  }),
  description: text('a text of 1 to 1024 characters', 1024).optional().meta({ description: 'What the server offers to others. On AWS: the description of the stack.', examples: ['Weather data'] }),
}).meta({ description: 'How this server relates to others.' });

export const metadata = table({
  server_type: tagValue.optional().meta({ description: 'Kind of a prebuilt server. On AWS: the tag pmcp:server-type.', examples: ['openapi'] }),
  snapshot_baked: bool().optional().meta({ description: 'Whether a prebuilt server has its data in the binary. On AWS: the tag pmcp:snapshot-baked.', examples: [false] }),
}).meta({ description: 'Facts about prebuilt servers.' });
