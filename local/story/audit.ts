import { verifyChain } from '../../core/audit/chain.ts';
import type { AuditHead } from '../../core/audit/event.ts';
import { settingsId } from '../../core/changes/settings.ts';
import { rulebookId } from '../../core/rulebook/rulebook.ts';
import { type Scene, see } from './scene.ts';

/** Every chain is whole and ends where its aggregate says; nothing waits to be told. */
export async function tellAudit({ system, say }: Scene): Promise<void> {
  const { audit, state } = system.stores;
  see((await state.outbox.pending(1)).length === 0, 'An event was committed and never published.');
  const heads = await headsOf(system);
  const aggregates = await audit.aggregates();
  see(aggregates.length === heads.size, `The audit holds ${aggregates.length} chains of ${heads.size}.`);
  let events = 0;
  for (const { type, id } of aggregates) {
    const chain = await audit.chain(type, id);
    const [fault] = verifyChain(chain, heads.get(`${type}/${id}`));
    see(fault === undefined, `The audit chain of ${type}/${id} is broken: ${fault?.words}.`);
    events += chain.length;
  }
  say(`The audit is whole: ${events} events in ${aggregates.length} chains, each ending where its aggregate says.`);
}

async function headsOf({ stores: { state } }: Scene['system']): Promise<Map<string, AuditHead>> {
  const heads = new Map<string, AuditHead>();
  for (const { id, audit } of await state.cases.list(1000)) heads.set(`case/${id}`, audit);
  for (const { id, audit } of await state.changes.list(1000)) heads.set(`change/${id}`, audit);
  for (const { id, audit } of await state.leases.list(1000)) heads.set(`lease/${id}`, audit);
  const settings = await state.settings.find(settingsId);
  if (settings) heads.set(`settings/${settingsId}`, settings.audit);
  const rulebook = await state.rulebook.find(rulebookId);
  if (rulebook) heads.set(`rules/${rulebookId}`, rulebook.audit);
  return heads;
}
