import fc from 'fast-check';
import { applyEvents, refreshed } from '../../../core/identity/apply-event.ts';
import { parseAuthorizationDetails } from '../../../core/identity/authorization-details.ts';
import type { Inventory } from '../../../core/identity/inventory.ts';
import { encodeSnapshot } from '../../../core/identity/snapshot.ts';
import { account, IamModel, type ModelEvent, picker, runs, start } from './iam-model.ts';

const empty: Inventory = { v: 1, account, takenAt: start, principals: [], groups: [], managed: new Map() };
const rebuilt = (model: IamModel): Inventory => {
  const { inventories, problems } = parseAuthorizationDetails([model.details()], start);
  expect(problems).toEqual([]);
  return inventories.find((each) => each.account === account) ?? empty;
};

/** Applies what the model does; what an event does not tell is read from the model, that entity alone. */
function follow(inventory: Inventory, event: ModelEvent, model: IamModel): Inventory {
  const applied = applyEvents(inventory, [event as Parameters<typeof applyEvents>[1][number]]);
  return applied.stale.length === 0 ? applied.inventory : refreshed(applied.inventory, rebuilt(model), applied.stale);
}

const seen = new Map<string, number>();

describe('IAM-changing events', () => {
  test('after any sequence of changes the inventory is what a full scan gives', () =>
    fc.assert(
      fc.property(runs, ({ seed, steps }) => {
        const [model, pick] = [new IamModel(), picker(seed)];
        let inventory = empty;
        for (let step = 0; step < steps; step += 1) {
          const event = model.step(pick);
          if (!event) continue;
          seen.set(event.name, (seen.get(event.name) ?? 0) + 1);
          inventory = follow(inventory, event, model);
        }
        expect(inventory).toEqual(rebuilt(model));
        expect(encodeSnapshot(inventory).length).toBe(encodeSnapshot(rebuilt(model)).length);
      }),
      { numRuns: 400 },
    ));

  test('the sequences reach every kind of change', () => {
    const rare = [...seen].filter(([, count]) => count < 5);
    expect(rare).toEqual([]);
    expect(seen.size).toBe(36);
  });

  const created: ModelEvent = {
    source: 'iam.amazonaws.com',
    name: 'CreateUser',
    time: start,
    account,
    errorCode: null,
    requestParameters: { userName: 'ann' },
    responseElements: { user: { arn: `arn:aws:iam::${account}:user/ann`, userId: 'AIDAANN' } },
  };
  const apply = (...events: Partial<ModelEvent>[]) =>
    applyEvents(empty, events.map((each) => ({ ...created, ...each })) as unknown as Parameters<typeof applyEvents>[1]);

  test.each([
    ['failed', { errorCode: 'AccessDenied' }],
    ['is of another account', { account: '444455556666' }],
    ['is of another service', { source: 'sts.amazonaws.com' }],
    ['is older than the inventory', { time: '2026-10-31T23:59:59Z' as ModelEvent['time'] }],
    ['is named like something every object has', { name: 'constructor' }],
    ['says nothing', { requestParameters: null, responseElements: null }],
  ])('an event that %s changes nothing', (_, more) => {
    expect(apply(more)).toEqual({ inventory: empty, stale: [] });
  });

  test('a document that the trail left out, and whoever is not known, must be read', () => {
    const role = {
      name: 'CreateRole',
      requestParameters: { roleName: 'r' },
      responseElements: { role: { arn: `arn:aws:iam::${account}:role/r`, roleId: 'AROAR' } },
    };
    const inline = { name: 'PutUserPolicy', requestParameters: { userName: 'ann', policyName: 'p' } };
    const attached = {
      name: 'AttachRolePolicy',
      requestParameters: { roleName: 'gone', policyArn: 'arn:aws:iam::aws:policy/X' },
    };
    expect(apply({}, role, inline, attached).stale).toEqual([
      { type: 'role', name: 'r' },
      { type: 'user', name: 'ann' },
      { type: 'policy', name: 'arn:aws:iam::aws:policy/X' },
      { type: 'role', name: 'gone' },
    ]);
  });
});
