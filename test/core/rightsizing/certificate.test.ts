import { certify } from '../../../core/rightsizing/certificate.ts';
import { type Evidence, type Rightsizing, rightsize } from '../../../core/rightsizing/rightsize.ts';
import { allow, evidence, item, policy, roleArn } from './world.ts';

const [run, stop] = ['ec2:RunInstances', 'ec2:StopInstances'];
const statements = [allow([run!, stop!, 'iam:CreateUser']), { ...allow('s3:GetObject'), Resource: 'arn:aws:s3:::a/*' }];
const other = policy({
  ...allow('kms:ListKeys'),
  NotAction: 'iam:*',
  Action: undefined,
  Resource: 'arn:aws:kms:*:*:key/x',
});
const world = (): Evidence =>
  evidence([{ name: 'ci', inline: { own: policy(...statements), other } }], {
    usage: new Map([
      [
        roleArn('ci'),
        [
          item('ci', run!),
          item('ci', stop!, 'not-found'),
          item('ci', 'rds:DeleteDBInstance', 'denied'),
          item('ci', 'iam:ListUsers'),
          item('ci', 'sqs:SendMessage'),
        ],
      ],
    ]),
  });
const certificate = (change: (judged: Rightsizing) => Rightsizing = (judged) => judged) => {
  const it = world();
  return certify(it, rightsize(it).map(change)).get(roleArn('ci'));
};

describe('the replay certificate', () => {
  test('decides every recorded use anew, and names those that no policy of the proposal allowed', () => {
    expect(certificate()).toMatchObject({
      rows: 4,
      same: 4,
      changed: [],
      byNoneKnown: ['iam:ListUsers', 'sqs:SendMessage'],
    });
  });

  test('shows what a proposal that is wrong would cut', () => {
    const cut = (judged: Rightsizing): Rightsizing =>
      judged.status === 'proposed'
        ? { ...judged, policies: judged.policies.map((each) => ({ ...each, after: policy(allow(run!)) })) }
        : judged;
    expect(certificate(cut)).toMatchObject({
      rows: 4,
      same: 3,
      changed: [{ action: stop, resource: '*', before: 'allowed', after: 'implicit-deny' }],
    });
  });

  test('says nothing of whom nothing is proposed for', () => {
    expect(certify(world(), []).size).toBe(0);
  });
});
