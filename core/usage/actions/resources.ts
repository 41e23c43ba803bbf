import type { MappableEvent } from './actions-of.ts';
import type { Need } from './need.ts';
export const resourcesOf = (_need: Need, event: MappableEvent): readonly string[] => event.resources;
