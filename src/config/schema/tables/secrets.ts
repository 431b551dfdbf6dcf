import { RESERVED_ENVIRONMENT } from './environment';
import { bool, mapOf, matching, oneOf, table, text } from '../types';

const secretName = matching(/^[A-Za-z][A-Za-z0-9_]{1,127}$/, 'the name of an environment variable: a letter followed by letters, digits and underscores')
  .refine((name) => !RESERVED_ENVIRONMENT.has(name), 'is set by Lambda itself; choose another name');

export const secrets = mapOf(secretName, table({
  description: text().optional().meta({ description: 'What it is for.', examples: ['Key of the weather service'] }),
  required: bool().default(true).meta({ description: 'Whether the server does not work without it.' }),
  delivery: oneOf(['environment', 'arn']).default('environment').meta({
    description: 'How the server gets it: "environment" puts the value into the environment variable of that name at deployment; "arn" puts its ARN into '
      + '<name>_SECRET_ARN, and the server reads it when it needs it, as the sample server does (src/secrets.rs).',
    examples: ['environment'],
  }),
  kms_key_arn: matching(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/, 'the ARN of a KMS key').optional().meta({
    description: 'KMS key that encrypts it. Without it, Secrets Manager\'s own.',
    examples: ['arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000'],
  }),
  obtain: text().optional().meta({ description: 'Where to get one: a URL or a sentence.', examples: ['https://example.com/account/keys'] }),
}), 'tables, one for each secret').meta({
  description: 'Secrets that the server needs, declared by name; their values are never in this file.',
  examples: [{ WEATHER_API_KEY: { description: 'Key of the weather service', required: true, obtain: 'https://example.com/account/keys' } }],
});
