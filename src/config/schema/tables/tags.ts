import { mapOf, matching } from '../types';

/** A value that AWS takes for a tag. */
export const tagValue = matching(/^[\p{L}\p{N}\s_.:/=+\-@]*$/u, 'a tag value: at most 256 letters, digits, spaces and _.:/=+-@').max(256);

export const tags = mapOf(
  matching(/^(?!aws:)[\p{L}\p{N}\s_.:/=+\-@]{1,128}$/iu, 'a tag key: 1 to 128 letters, digits, spaces and _.:/=+-@, not starting with "aws:"'),
  tagValue,
  'strings',
)
  .refine((map) => Object.keys(map).length <= 40, 'has more than the 40 tags that fit beside those of this tool')
  .meta({ description: 'Tags of every resource in the stack, for cost reports and the like.', examples: [{ team: 'platform' }] });
