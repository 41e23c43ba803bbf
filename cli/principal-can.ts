import type { Command } from 'commander';
import { type Ability, abilitiesOf } from '../core/access/abilities.ts';
import { outcomeWords, wordsOf } from '../core/access/words.ts';
import { actionsMeant } from '../core/catalogue/actions-meant.ts';
import { classifierOf } from '../core/identity/classify.ts';
import { peopleBehind } from '../core/identity/identity-center.ts';
import { type InventoryFlags, type Known, principalIn, questionOf, readKnown, withInventory } from './inventory.ts';
import { writeLines } from './output.ts';

/** `leastwise principal-can PRINCIPAL`: everything it may do. */
export function registerPrincipalCan(program: Command): void {
  withInventory(
    program
      .command('principal-can')
      .argument('<principal>', 'an ARN, a unique id, user/NAME, role/NAME')
      .description('everything that somebody may do, by service'),
  )
    .addHelpText('after', examples)
    .action(writeAbilities);
}

const examples = `
Examples:
  $ leastwise principal-can role/deploy --authorization-details account.json --format table
  $ leastwise principal-can user/amy --authorization-details account.json --cloudtrail ./logs | grep '"lastUsed":null'

A wildcard in an action stands only where every action that it covers may be done. A resource says "some" where a Deny,
a boundary or an SCP takes part of it away: leastwise can PRINCIPAL ACTION RESOURCE names what.`;

async function writeAbilities(who: string, flags: InventoryFlags): Promise<void> {
  const known = await readKnown(flags);
  const principal = principalIn(known.organization, who);
  const arn = who.includes(':assumed-role/') ? who : principal.arn;
  const abilities = abilitiesOf(
    (action, resource) => questionOf(flags, arn, action, resource),
    known.engine,
    known.organization,
  );
  const rows = abilities.map(
    (ability): Row => ({
      principal: arn,
      service: ability.service,
      exceptServices: ability.exceptServices,
      decision: ability.decision,
      extent: ability.extent,
      actions: ability.actions,
      resources: ability.resources,
      when: ability.when,
      lastUsed: lastUseOf(ability, principal, known),
    }),
  );
  if (flags.format === 'ndjson') return writeLines(rows.map((row) => JSON.stringify(row)));
  const { class: kind, reason } = classifierOf(known.organization.inventories)(principal);
  const center = known.organization.tree?.identityCenter;
  const people = center ? peopleBehind(arn, center) : [];
  await writeLines([
    `${arn}: ${kind} (${reason})${people.length === 0 ? '' : `, for ${people.join(', ')}`}`,
    ...alike(rows).flatMap((group) => ['', ...storyOf(group, known.lastUse !== null)]),
    ...(rows.length === 0 ? ['nothing'] : []),
  ]);
}

interface Row extends Ability {
  principal: string;
  /** The last use of any of the actions. */
  lastUsed: string | null;
}

/** Rows of which the same is said, of any services. */
function alike(rows: readonly Row[]): Row[][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.decision, row.extent, row.resources, row.when?.condition]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()];
}

function storyOf(rows: readonly Row[], logs: boolean): string[] {
  const { decision, extent, resources, when } = rows[0] as Row;
  const on = `${extent === 'some' ? 'some of ' : ''}${resources.join(' ')}`;
  return [
    `${outcomeWords[decision]}, on ${on}${when ? ` when ${wordsOf(when.condition)}` : ''}`,
    ...rows.map(({ service, exceptServices, actions, lastUsed }) => {
      const but = exceptServices.length === 0 ? '' : ` of every service but ${exceptServices.join(' ')}`;
      const used = logs ? `  (${lastUsed === null ? 'never used in these logs' : `last used ${lastUsed}`})` : '';
      return `  ${service === '*' ? `all actions${but}` : actions.join(' ')}${used}`;
    }),
  ];
}

/** The last use of any of the actions. */
function lastUseOf({ actions, exceptServices }: Ability, who: { id: string; arn: string }, { lastUse }: Known) {
  if (lastUse === null) return null;
  const meant = actions.flatMap((pattern) => actionsMeant(pattern === '*' ? '*:*' : pattern));
  const days = meant
    .filter((action) => !exceptServices.includes(action.slice(0, action.indexOf(':'))))
    .flatMap((action) => lastUse(who, action) ?? []);
  return days.sort().at(-1) ?? null;
}
