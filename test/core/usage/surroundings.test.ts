import { agentOf } from '../../../core/usage/agent.ts';
import { networkOf } from '../../../core/usage/network.ts';

test.each([
  ['203.0.113.7', '203.0.0.0/16'],
  ['06.237.252.245', '6.237.0.0/16'],
  ['::ffff:203.0.113.7', '203.0.0.0/16'],
  ['2001:0DB8:1:2::7', '2001:db8:1::/48'],
  ['2001:db8::7', '2001:db8:0::/48'],
  ['::1', '0:0:0::/48'],
  ['AWS Internal', 'AWS Internal'],
  ['secretsmanager.amazonaws.com', 'secretsmanager.amazonaws.com'],
  ['1.2.3', '1.2.3'],
  [null, null],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test.each([
  ['[aws-cli/2.17.0 md/awscrt#0.20.11 exe/x86_64]', 'aws-cli'],
  ['Boto3/1.34.131 md/Botocore#1.34.131', 'Boto3'],
  ['APN/1.0 HashiCorp/1.0 Terraform/1.8.5 (+https://www.terraform.io) aws-sdk-go-v2/1.30.0', 'Terraform'],
  ['aws-sdk-go-v2/1.32.3 os/linux', 'aws-sdk-go-v2'],
  ['aws-sdk-go/1.41.4 (go1.18.3; linux; amd64)', 'aws-sdk-go'],
  ['[S3Console/0.4, aws-internal/3 aws-sdk-java/1.11.1030]', 'S3Console'],
  ['Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0)', 'Mozilla'],
  ['console.ec2.amazonaws.com', 'console.ec2.amazonaws.com'],
  ['AWS Internal', 'AWS Internal'],
  ['tool_39f95f43-cd2f', 'tool'],
  ['tool-1.2.3', 'tool'],
  ['%&$', 'other'],
  [null, null],
])('the family of the agent %s is %s', (agent, family) => {
  expect(agentOf(agent)).toBe(family);
});

test('an agent of any length has a family of at most 40 characters', () => {
  expect(agentOf('x'.repeat(100_000))).toHaveLength(40);
});
