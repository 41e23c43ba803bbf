import fc from 'fast-check';
import { ActionTable } from '../../../../core/access/compiled/action-table.ts';
import { compileWith, createShared } from '../../../../core/access/compiled/compiled.ts';
import { evaluateIn } from '../../../../core/access/compiled/evaluate.ts';
import { Voices } from '../../../../core/access/compiled/voices.ts';
import { organization, question } from './random-organizations.ts';

test('an engine that forgets nearly everything at once gives the same answers', () => {
  fc.assert(
    fc.property(organization, fc.array(question, { minLength: 25, maxLength: 25 }), (made, asked) => {
      const shared = createShared();
      const usual = compileWith(createShared(), made);
      const forgetful = compileWith({ ...shared, voices: new Voices(shared.documents, 2) }, made);
      for (const each of [...asked, ...asked]) {
        const told = JSON.stringify({ ...evaluateIn(forgetful, each), when: null });
        const expected = JSON.stringify({ ...evaluateIn(usual, each), when: null });
        if (told !== expected) expect(told).toBe(expected);
      }
    }),
    { numRuns: 10 },
  );
});

test('a table of actions gives back what was put in, or nothing', () => {
  const table = new ActionTable(4);
  const put = new Map<string, number>();
  for (let i = 0; i < 200; i++) {
    const [group, action] = [i % 7, (i * 31) % 22_091];
    if (table.get(group, action) < 0) table.set(group, action, i);
    else expect(table.get(group, action)).toBe(put.get(`${group} ${action}`));
    put.set(`${group} ${action}`, table.get(group, action));
    expect(table.get(group, action)).toBeGreaterThanOrEqual(0);
    expect(table.get(group + 7, action)).toBe(-1);
  }
});
