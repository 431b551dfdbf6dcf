import { variableName } from './environment';
import { SECRET_NAME } from '../../../function/variable-names';
import { bool, mapOf, matching, oneOf, table, text } from '../types';

const secretName = variableName(SECRET_NAME, 'the name of an environment variable: a letter followed by letters, digits and underscores');

export const secrets = mapOf(secretName, table({
  description: text().optional().meta({ description: 'Purpose of the secret.', examples: ['Key of the weather service'] }),
  required: bool().default(true).meta({ description: 'If true, deployments fail while the secret is not set.' }),
  delivery: oneOf(['environment', 'arn']).default('environment').meta({
    description: 'How the server gets the value. "environment": in the environment variable of the same name, at deployment. "arn": the '
      + 'server gets '
      + 'the ARN in <name>_SECRET_ARN and reads the value when it needs it, as the sample server does (src/secrets.rs).',
    examples: ['environment'],
  }),
  kms_key_arn: matching(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/, 'the ARN of a KMS key').optional().meta({
    description: 'ARN of the KMS key that encrypts the secret. Without it, Secrets Manager\'s own key is used.',
    examples: ['arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000'],
  }),
  obtain: text().optional().meta({
    description: 'Where to get a value: a URL or a sentence.',
    examples: ['https://example.com/account/keys'],
  }),
}), 'tables, one for each secret').meta({
  description: 'Secrets of the server, by name. Their values are never in this file: set them with "pmcp-deploy secrets set".',
  examples: [{
    WEATHER_API_KEY: {
      description: 'Key of the weather '
    + 'service',
      required: true,
      obtain: 'https://example.com/account/keys',
    },
  }],
});
