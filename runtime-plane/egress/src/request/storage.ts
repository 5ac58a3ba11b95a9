/** Object stores, by the hosts that they have: which bucket a request is about, in which region, and what S3 calls it. */

export type Storage = {
  readonly bucket?: string;
  /** Such as `aws:eu-west-1`; absent where the name does not say. */
  readonly region?: string;
  /** Such as `s3:PutObject`: the name that the API gives to it. */
  readonly operation?: string;
};

export type StorageRequest = {
  readonly host: string;
  readonly method: string;
  /** As a policy sees it. */
  readonly path: string;
  readonly query: string;
  readonly isCopy: boolean;
  readonly isForm: boolean;
};

/** Forms of hosts: Amazon S3 user guide, "Virtual hosting of general purpose buckets", and AWS general reference. */
const amazon =
  /^(?:(?<bucket>.+?)\.)?(?:s3|s3-fips|s3-accelerate|s3-external-1|s3-website|s3-accesspoint(?:-fips)?|s3-object-lambda(?:-fips)?|s3-outposts(?:-fips)?|s3express(?:-fips)?-[a-z0-9-]+?)(?:\.dualstack)?(?:[.-](?<region>[a-z]{2}(?:-[a-z]+)+-\d{1,2}))?\.amazonaws\.com(?:\.cn)?$/;

/** @returns undefined where the host is no store that is known */
export function storageOf(request: StorageRequest): Storage | undefined {
  const { host } = request;
  const groups = amazon.exec(host)?.groups;
  if (groups) return amazonStorage(request, groups['bucket'], groups['region']);
  if (host === 'storage.googleapis.com' || host === 'storage.cloud.google.com')
    return named(googleBucket(request.path));
  if (host.endsWith('.storage.googleapis.com'))
    return named(host.slice(0, -'.storage.googleapis.com'.length));
  if (/^[a-z0-9]+(?:-secondary)?\.blob\.core\.windows\.net$/.test(host))
    return named(segmentsOf(request.path)[0]);
  return undefined;
}

function named(bucket: string | undefined): Storage {
  return bucket === undefined || bucket === '' ? {} : { bucket };
}

function googleBucket(path: string): string | undefined {
  const api = /^(?:\/(?:upload|download|resumable\/upload))?\/storage\/v1\/b(?:\/([^/]+))?/.exec(path);
  return api ? decoded(api[1]) : segmentsOf(path)[0];
}

function amazonStorage(
  request: StorageRequest,
  ofHost: string | undefined,
  region: string | undefined,
): Storage {
  const [first, ...rest] = segmentsOf(request.path);
  // The name of an access point is no host of a path style.
  const bucket = ofHost ?? (first === '' ? undefined : first);
  const key = ofHost === undefined ? rest.join('/') : request.path.slice(1);
  const where = region ?? (request.host.includes('s3-external-1.') ? 'us-east-1' : undefined);
  return {
    ...(bucket === undefined ? {} : { bucket }),
    ...(where === undefined ? {} : { region: `aws:${where}` }),
    operation: `s3:${operationOf(request, bucket !== undefined, key !== '')}`,
  };
}

/** What a query asks for beside the object itself, as it stands in the name of the operation. */
const parts: Readonly<Record<string, string>> = {
  accelerate: 'AccelerateConfiguration',
  acl: 'Acl',
  analytics: 'AnalyticsConfiguration',
  attributes: 'Attributes',
  cors: 'Cors',
  encryption: 'Encryption',
  'intelligent-tiering': 'IntelligentTieringConfiguration',
  inventory: 'InventoryConfiguration',
  'legal-hold': 'LegalHold',
  lifecycle: 'LifecycleConfiguration',
  location: 'Location',
  logging: 'Logging',
  metrics: 'MetricsConfiguration',
  notification: 'NotificationConfiguration',
  'object-lock': 'LockConfiguration',
  ownershipControls: 'OwnershipControls',
  policy: 'Policy',
  policyStatus: 'PolicyStatus',
  publicAccessBlock: 'PublicAccessBlock',
  replication: 'Replication',
  requestPayment: 'RequestPayment',
  retention: 'Retention',
  tagging: 'Tagging',
  torrent: 'Torrent',
  versioning: 'Versioning',
  website: 'Website',
};

function operationOf(
  { method, query, isCopy, isForm }: StorageRequest,
  hasBucket: boolean,
  hasKey: boolean,
): string {
  const asked = new Set(query.split('&').map((pair) => pair.split('=')[0] ?? ''));
  const what = hasKey ? 'Object' : 'Bucket';
  const verb = { PUT: 'Put', GET: 'Get', HEAD: 'Head', DELETE: 'Delete' }[method];
  const part = Object.keys(parts).find((name) => asked.has(name));
  if (verb !== undefined && part !== undefined && hasBucket) return `${verb}${what}${parts[part]}`;
  switch (method) {
    case 'PUT':
      if (!hasKey) return 'CreateBucket';
      if (asked.has('partNumber')) return isCopy ? 'UploadPartCopy' : 'UploadPart';
      return isCopy ? 'CopyObject' : 'PutObject';
    case 'POST':
      if (asked.has('delete')) return 'DeleteObjects';
      if (asked.has('uploads')) return 'CreateMultipartUpload';
      if (asked.has('uploadId')) return 'CompleteMultipartUpload';
      if (asked.has('restore')) return 'RestoreObject';
      if (asked.has('select')) return 'SelectObjectContent';
      return isForm || hasKey ? 'PutObject' : 'Post';
    case 'GET':
      if (hasKey) return asked.has('uploadId') ? 'ListParts' : 'GetObject';
      if (!hasBucket) return 'ListBuckets';
      if (asked.has('uploads')) return 'ListMultipartUploads';
      if (asked.has('versions')) return 'ListObjectVersions';
      return query.includes('list-type=2') ? 'ListObjectsV2' : 'ListObjects';
    case 'DELETE':
      if (asked.has('uploadId')) return 'AbortMultipartUpload';
      return `Delete${what}`;
    case 'HEAD':
      return `Head${what}`;
    default:
      return 'Unknown';
  }
}

function segmentsOf(path: string): string[] {
  return path
    .slice(1)
    .split('/')
    .map((segment) => decoded(segment) ?? '');
}

function decoded(segment: string | undefined): string | undefined {
  try {
    return segment === undefined ? undefined : decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
