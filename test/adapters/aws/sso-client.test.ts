import { ListInstancesCommand } from '@aws-sdk/client-sso-admin';
import { ssoClientFor } from '../../../adapters/aws/sso-client.ts';

/** Of the SDK's handlers that of Node alone has these. */
interface Handler {
  httpHandlerConfigs(): { connectionTimeout: number; requestTimeout: number; throwOnRequestTimeout: boolean };
}

test('a call that hangs is given up, all attempts together, before a sweep that waits for it is cut off', async () => {
  const credentials = async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'x', sessionToken: 'x' });
  const clientFor = ssoClientFor(() => credentials, { endpoint: 'http://127.0.0.1:1' });
  const client = clientFor({ account: '444444444444', source: 'chg-1', policy: null }, 'eu-central-1');
  // The SDK resolves what it was given with the first call.
  await expect(client.send(new ListInstancesCommand({}))).rejects.toThrow('ECONNREFUSED');
  const handler = (client.config.requestHandler as unknown as Handler).httpHandlerConfigs();
  expect(handler).toMatchObject({ throwOnRequestTimeout: true });
  const { connectionTimeout, requestTimeout } = handler;
  const longest = Math.max(connectionTimeout, requestTimeout) * (await client.config.maxAttempts());
  expect(longest).toBeLessThanOrEqual(30_000);
});
