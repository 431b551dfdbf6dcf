import { mapOf, matching } from '../types';

/** A value that AWS accepts for a tag. */
export const tagValue = matching(/^[\p{L}\p{N}\s_.:/=+\-@]*$/u, 'a tag value: at most 256 letters, digits, spaces and _.:/=+-@').max(256);

export const tags = mapOf(
  matching(
    /^(?!aws:)[\p{L}\p{N}\s_.:/=+\-@]{1,128}$/iu, 'a tag key: 1 to 128 letters, digits, spaces and _.:/=+-@, not starting with "aws:"',
  ),
  tagValue,
  'strings',
)
  .refine((map) => Object.keys(map).length <= 40, 'must have at most 40 tags: AWS allows 50, and this tool adds its own')
  .meta({ description: 'Tags of all resources in the stack, for example for cost reports.', examples: [{ team: 'platform' }] });
