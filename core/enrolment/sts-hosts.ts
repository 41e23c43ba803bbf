/** Every region of the commercial partition in which STS answers. */
const regions = [
  'af-south-1',
  'ap-east-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ca-central-1',
  'ca-west-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
] as const;

/** The only hosts that a signed call is ever sent to, each with the region that its credential scope must name. */
export const stsHosts: ReadonlyMap<string, string> = new Map([
  ['sts.amazonaws.com', 'us-east-1'],
  ...regions.map((region) => [`sts.${region}.amazonaws.com`, region] as const),
]);
