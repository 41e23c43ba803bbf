import fc from 'fast-check';
import { decodeSnapshot, encodeSnapshot, upgraded } from '../../../core/identity/snapshot.ts';
import { inventories, inventoriesWithResources } from './inventories.ts';

describe('the snapshot of an inventory', () => {
  test('gives back what was put in, and the same text for the same inventory', () =>
    fc.assert(
      fc.property(fc.oneof(inventories, inventoriesWithResources), (inventory) => {
        const text = encodeSnapshot(inventory);
        expect(decodeSnapshot(text)).toEqual(inventory);
        expect(encodeSnapshot(decodeSnapshot(text))).toBe(text);
      }),
    ));

  test('version 1 is read as it was written, and written as version 3', () => {
    const stored =
      '{"v":1,"account":"111122223333","takenAt":"2026-01-02T03:04:05Z","texts":["{\\"Statement\\":[]}"],"principals":[{"type":"role","id":"AROAX","arn":"arn:aws:iam::111122223333:role/x","name":"x","path":"/","createdAt":null,"tags":{"a":"b"},"attached":["arn:aws:iam::aws:policy/ReadOnlyAccess"],"boundary":"arn:aws:iam::111122223333:policy/b","groups":[],"inline":[["own",0]],"trust":0}],"groups":[],"managed":[["arn:aws:iam::aws:policy/ReadOnlyAccess","ReadOnlyAccess",0]]}';
    const inventory = decodeSnapshot(stored);
    expect(inventory.principals[0]).toMatchObject({
      trust: '{"Statement":[]}',
      inline: [{ name: 'own', arn: null, text: '{"Statement":[]}' }],
      attached: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
      boundary: 'arn:aws:iam::111122223333:policy/b',
    });
    expect(inventory.managed.get('arn:aws:iam::aws:policy/ReadOnlyAccess')?.text).toBe('{"Statement":[]}');
    expect(inventory.resources).toBeUndefined();
    const written = encodeSnapshot(inventory);
    expect(JSON.parse(written)).toMatchObject({ v: 3, arns: expect.any(Array) });
    expect(decodeSnapshot(written)).toEqual(inventory);
  });

  test('documents that are alike are stored once', () => {
    const big = JSON.stringify({ Statement: [], Id: 'x'.repeat(5000) });
    const policy = (name: string) => ({ name, arn: name, text: big });
    const managed = new Map(['a', 'b', 'c'].map((name) => [name, policy(name)]));
    const [inventory] = fc.sample(inventories, { numRuns: 1, seed: 1 });
    const plain = encodeSnapshot({ ...inventory!, managed: new Map() });
    expect(encodeSnapshot({ ...inventory!, managed }).length).toBeLessThan(plain.length + 6000);
  });

  test('every upgrade between the stored version and the current one is taken, in order', () => {
    const table = {
      1: (older: { v: number }) => ({ ...older, steps: ['1 to 2'] }),
      2: (older: { v: number; steps?: string[] }) => ({ ...older, steps: [...(older.steps ?? []), '2 to 3'] }),
    };
    expect(upgraded({ v: 1 }, table, 3)).toEqual({ v: 3, steps: ['1 to 2', '2 to 3'] });
    expect(upgraded({ v: 3, as: 'it is' }, table, 3)).toEqual({ v: 3, as: 'it is' });
    expect(() => upgraded({ v: 0 }, table, 3)).toThrow('nothing upgrades');
  });

  test('what is newer, versionless, broken or dangling is a fault', () => {
    expect(() => decodeSnapshot('{"v":4}')).toThrow('knows 3 at most');
    expect(() => decodeSnapshot('{}')).toThrow('no version');
    expect(() => decodeSnapshot('null')).toThrow('no version');
    expect(() => decodeSnapshot('{"v":1,')).toThrow();
    expect(() => decodeSnapshot('{"v":1,"texts":[],"principals":[],"groups":[],"managed":[["arn","name",0]]}')).toThrow(
      'a document 0 that it does not hold',
    );
    expect(() =>
      decodeSnapshot('{"v":2,"texts":[],"arns":[],"principals":[],"groups":[],"managed":[[0,"n",0]]}'),
    ).toThrow('an ARN 0 that it does not hold');
  });
});
