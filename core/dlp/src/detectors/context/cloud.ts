/** Where data lies in clouds: no secret, but what an attacker asks for first, and often open to everyone. */
import type { Detector } from '../../detector.ts';
import { low } from './bands.ts';

function place(
  id: string,
  name: string,
  rest: Pick<Detector, 'find' | 'pattern' | 'source'> & Partial<Detector>,
): Detector {
  return {
    id,
    class: 'infrastructure.cloud',
    name,
    token: 'CLOUD_RESOURCE',
    confidence: low,
    neverAlone: true,
    ...rest,
  };
}

export const cloudDetectors: readonly Detector[] = [
  place('aws.arn', 'Amazon resource name', {
    find: { on: 'words', at: 'here', words: ['arn:aws'] },
    pattern: /arn:aws(?:-cn|-us-gov)?:[a-z0-9-]{2,30}:[a-z0-9-]{0,20}:(?:\d{12})?:[\w*/:.+=@-]{2,200}/,
    source: 'AWS General Reference: Amazon Resource Names',
  }),
  place('aws.bucket', 'Amazon S3 bucket', {
    find: { on: 'words', at: { before: 70, after: 90 }, words: ['.amazonaws.com'] },
    pattern:
      /(?:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\.s3[.-](?:[a-z0-9-]{4,20}\.)?amazonaws\.com|s3[.-](?:[a-z0-9-]{4,20}\.)?amazonaws\.com\/[a-z0-9][a-z0-9.-]{2,62})/,
    source: 'Amazon S3 documentation: virtual hosting of buckets',
  }),
  place('aws.account_id', 'account number of AWS', {
    find: { on: 'words', at: 'here', words: ['aws_account', 'awsaccount', 'aws account'] },
    pattern:
      /aws[_ ]?account(?:[_ -]?(?:id|number))?["']?\s{0,3}[:=]?\s{0,3}["']?(?<value>\d{12}|\d{4}-\d{4}-\d{4})(?!\d)/i,
    source: 'AWS General Reference: AWS account identifiers',
  }),
  place('gcp.bucket', 'Google Cloud Storage bucket', {
    find: { on: 'words', at: 'here', words: ['storage.googleapis.com', 'storage.cloud.google.com', 'gs://'] },
    pattern: /(?:storage\.(?:googleapis|cloud\.google)\.com\/|gs:\/\/)[a-z0-9][a-z0-9._-]{2,62}/,
    source: 'Google Cloud Storage documentation: request endpoints',
  }),
  place('gcp.firebase', 'Firebase project', {
    find: {
      on: 'words',
      at: { before: 64, after: 30 },
      words: ['.firebaseio.com', '.firebaseapp.com', '.firebasedatabase.app'],
    },
    pattern:
      /[a-z0-9][a-z0-9-]{3,60}\.(?:firebaseio\.com|firebaseapp\.com|[a-z0-9-]{4,20}\.firebasedatabase\.app)/,
    source: 'Firebase documentation: project identifiers',
  }),
  place('azure.storage', 'Azure storage account', {
    find: { on: 'words', at: { before: 30, after: 90 }, words: ['.core.windows.net'] },
    pattern: /[a-z0-9]{3,24}\.(?:blob|file|queue|table|dfs|web)\.core\.windows\.net(?:\/[\w$.-]{1,60})?/,
    source: 'Azure Storage documentation: storage account endpoints',
  }),
];
