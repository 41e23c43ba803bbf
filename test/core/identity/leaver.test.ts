import { isLeaver, leaverIn } from '../../../core/identity/leaver.ts';

const user = '90676a5f-10e1-7031-c3d1-0123456789ab';
const record = (eventName: string, requestParameters: object, more: object = {}) => ({
  eventSource: 'identitystore-scim.amazonaws.com',
  eventName,
  requestParameters,
  responseElements: null,
  ...more,
});
const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';
const patch = (operation: object, more: object = {}) =>
  record('PatchUser', { tenantId: 't', id: user, httpBody: { operations: [operation] } }, more);

test.each<[string, unknown]>([
  ['the console deletes', { ...record('DeleteUser', { userId: user }), eventSource: 'sso-directory.amazonaws.com' }],
  ['the console disables', { ...record('DisableUser', { userId: user }), eventSource: 'sso-directory.amazonaws.com' }],
  ['SCIM deletes', record('DeleteUser', { tenantId: 't', id: user })],
  ['SCIM takes active away', patch({ op: 'replace', path: 'active', value: false })],
  ['SCIM takes active away, as text', patch({ op: 'Replace', path: 'active', value: 'False' })],
  ['SCIM takes active away, without a path', patch({ op: 'replace', value: { active: false } })],
  ['SCIM changes active to what nobody may see', patch({ op: 'replace', path: 'active', value: hidden })],
  ['the answer says so', patch({ op: 'replace', value: hidden }, { responseElements: { id: user, active: false } })],
  ['SCIM puts a user without it', record('PutUser', { id: user, httpBody: { active: false, userName: hidden } })],
  [
    'the API takes active away',
    {
      ...record('UpdateUser', { userId: user, operations: [{ attributePath: 'active', attributeValue: false }] }),
      eventSource: 'identitystore.amazonaws.com',
    },
  ],
])('%s: gone', (_what, event) => {
  expect(leaverIn(event)).toEqual({ user, store: null });
});

test.each<[string, unknown]>([
  ['another attribute', patch({ op: 'replace', path: 'emails', value: hidden })],
  ['active again', patch({ op: 'replace', path: 'active', value: true })],
  [
    'active by the answer',
    patch({ op: 'replace', path: 'active', value: hidden }, { responseElements: { active: true } }),
  ],
  ['a call that failed', record('DeleteUser', { id: user }, { errorCode: 'ResourceNotFoundException' })],
  ['another call', record('CreateUser', { id: user })],
  ['IAM’s call of the same name', { ...record('DeleteUser', { userId: user }), eventSource: 'iam.amazonaws.com' }],
  ['nobody', record('DeleteUser', {})],
  ['nothing', 'text'],
])('%s: nobody left', (_what, event) => {
  expect(leaverIn(event)).toBeUndefined();
});

test('the store counts where the event names it', () => {
  const actor = `federated:arn:aws:identitystore::111122223333:identitystore/d-1234567890/${user}`;
  expect(isLeaver({ user, store: null }, actor)).toBe(true);
  expect(isLeaver({ user, store: 'd-1234567890' }, actor)).toBe(true);
  expect(isLeaver({ user, store: 'd-0000000000' }, actor)).toBe(false);
  expect(isLeaver({ user: 'ab', store: null }, actor)).toBe(false);
  expect(isLeaver({ user: 'ada', store: null }, 'arn:aws:iam::111122223333:user/ada')).toBe(false);
});
