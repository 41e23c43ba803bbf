import { type Fields, matcherOf } from '../../../core/fast-lane/event-pattern.ts';

const event = {
  source: 'aws.iam',
  detail: {
    eventName: 'CreateUser',
    readOnly: false,
    requestParameters: null,
    userIdentity: { type: 'IAMUser', groups: ['a', 'b'], attributes: {} },
  },
};

test.each<[string, Fields, boolean]>([
  ['a value of the list', { source: ['aws.ec2', 'aws.iam'] }, true],
  ['none of the list', { source: ['aws.ec2'] }, false],
  ['a prefix', { source: [{ prefix: 'aws.' }] }, true],
  ['another prefix', { source: [{ prefix: 'iam' }] }, false],
  ['false, which is a value', { detail: { readOnly: [false] } }, true],
  ['false, which is not the text', { detail: { readOnly: ['false'] } }, false],
  ['several fields, all of them', { source: ['aws.iam'], detail: { eventName: ['DeleteUser'] } }, false],
  ['a field that is there', { detail: { eventName: [{ exists: true }] } }, true],
  ['a field that is not there', { detail: { errorCode: [{ exists: false }] } }, true],
  ['a field below one that is not there', { detail: { more: { inside: [{ exists: false }] } } }, true],
  ['a field below null', { detail: { requestParameters: { inside: [{ exists: false }] } } }, true],
  ['an object, which is no value', { detail: { userIdentity: { attributes: [{ exists: true }] } } }, false],
  ['anything but', { detail: { userIdentity: { type: [{ 'anything-but': 'AWSService' }] } } }, true],
  ['anything but what it is', { detail: { userIdentity: { type: [{ 'anything-but': ['x', 'IAMUser'] }] } } }, false],
  ['anything but, of a field that is not there', { detail: { errorCode: [{ 'anything-but': 'x' }] } }, false],
  ['one value of a list in the event', { detail: { userIdentity: { groups: ['b'] } } }, true],
  ['one of several patterns', { detail: { $or: [{ eventName: ['x'] }, { readOnly: [false] }] } }, true],
  ['none of several patterns', { detail: { $or: [{ eventName: ['x'] }, { readOnly: [true] }] } }, false],
  ['one of several, but not what stands beside', { source: ['x'], $or: [{ source: ['aws.iam'] }] }, false],
])('%s', (_, pattern, expected) => expect(matcherOf(pattern)(event)).toBe(expected));

test.each([null, 'text', 7, []])('nothing matches %p', (nothing) => {
  expect(matcherOf({ source: [{ prefix: '' }] })(nothing)).toBe(false);
});
