import { App, Stack } from 'aws-cdk-lib';
import { readConfiguration } from '../../adapters/files/configuration.ts';
import { Foundation } from '../../lib/foundation.ts';
import { executionRole } from '../../lib/lambda-function.ts';
import { ofType, type Resource, type Statement } from './synth.ts';

const file = 'leastwise.config.example.json';
/** IAM takes no longer managed policy, and the CDK puts what is too long for a role's own into one of these. */
const mostCharacters = 6144;

/** The statement that lets a role assume `leastwise-restrict`, in an organization of so many accounts. */
function assuming(count: number): Statement {
  const configuration = readConfiguration(file);
  const more = Array.from({ length: count - configuration.accounts.length }, (_, n) => String(200_000_000_000 + n));
  const accounts = [...configuration.accounts, ...more.map((id) => ({ id, name: id }))];
  const app = new App();
  const stack = new Stack(app, 'Test');
  const foundation = new Foundation(stack, 'Foundation', {
    configuration: { ...configuration, accounts },
    configurationFile: file,
  });
  foundation.grantAssume(executionRole(stack, 'Role', 'leastwise-execute-restrict'), 'leastwise-restrict');
  const { Resources } = app.synth().getStackByName('Test').template as { Resources: Record<string, Resource> };
  const policies = ofType(Resources, 'AWS::IAM::Policy');
  return policies[0]![1].Properties.PolicyDocument.Statement[0] as Statement;
}

test.each([10, 100])('with %d accounts, every role that may be assumed is named', (count) => {
  const statement = assuming(count);
  expect(statement.Resource).toHaveLength(count);
  expect(statement.Condition).toBeUndefined();
  expect(JSON.stringify(statement).length).toBeLessThan(mostCharacters);
});

test.each([101, 10_000])('with %d accounts, the organization stands for them, and the policy still fits', (count) => {
  const statement = assuming(count);
  expect(statement).toMatchObject({
    Resource: 'arn:aws:iam::*:role/leastwise-restrict',
    Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-exampleorgid' } },
  });
  expect(JSON.stringify(statement).length).toBeLessThan(mostCharacters);
});
