import type { Button } from '@slack/types';
import type { Person } from '../../core/approvals/rules.ts';
import type { Change } from '../../core/changes/change.ts';
import type { Channel } from '../channel.ts';
import type { SampleOrganization } from '../sample-organization/organization.ts';
import type { System } from '../system.ts';

/** What every chapter plays with. */
export interface Scene {
  system: System;
  organization: SampleOrganization;
  channel: Channel;
  /** Tells the reader one thing that was seen to have happened. */
  say(sentence: string): void;
}

/** Something that should have happened did not. */
export class Broken extends Error {}

/** Throws the sentence unless it is so. */
export function see(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new Broken(otherwise);
}

/** A person of the organization. */
export function personIn({ organization }: Scene, id: string): Person {
  const person = organization.people.find((each) => each.id === id);
  see(person !== undefined, `${id} is nobody in the sample organization`);
  return person;
}

/** Presses the button of this action on the message about a thing. */
export async function press(scene: Scene, by: string, about: string, actionId: string): Promise<void> {
  const message = scene.channel.about(about);
  see(message !== undefined, `No message about ${about} stands in the channel.`);
  const button = scene.channel.buttons(message).find((each: Button) => each.action_id === actionId);
  see(button?.value !== undefined, `The message "${message.text}" has no button ${actionId}.`);
  const { action_id = '', value } = button;
  const status = await scene.channel.press(personIn(scene, by), { action_id, value }, message.ts);
  see(status === 200, `The click was answered with ${status}.`);
}

/** The change as it is stored now. */
export async function changeNow({ system }: Scene, id: string): Promise<Change> {
  const change = await system.stores.state.changes.find(id);
  see(change !== undefined, `Change ${id} is not stored.`);
  return change;
}

/** What went wrong on the way, for the sentence that says what did not happen. */
export const whatWentWrong = ({ system }: Scene): string => {
  const last = system.problems.at(-1);
  return last ? ` (${last.replace(/\.$/, '')})` : '';
};
