import { member, someValue, textOf } from './parameters.ts';
import type { SignalRule } from './rule.ts';

/** Families with accelerators, and whole machines: what is worth stealing by the hour. */
const accelerated = /^(?:p\d|g\d|gr\d|trn\d|inf\d|dl\d|f\d|vt\d|u-|hpc)/;
const whole = /\.(?:metal(?:-\d+xl)?|(?:1[6-9]|[2-9]\d|\d{3,})xlarge)$/;
/** Nobody's single call needs as many by accident. */
const many = 20;

/** Machines that cost much, or many of them, are launched, or somebody tries to (ATT&CK T1496, T1578.002). */
export const costlyInstances: SignalRule = {
  kind: 'costly-instances',
  names: ['RunInstances', 'RequestSpotInstances', 'RequestSpotFleet', 'CreateFleet'],
  attempts: true,
  matches: ({ requestParameters }) =>
    someValue(requestParameters, (value) => isCostly(textOf(value, 'instanceType')) || isMany(value)),
};

const isCostly = (type: string | undefined): boolean =>
  type !== undefined && (accelerated.test(type) || whole.test(type));

const isMany = (value: unknown): boolean =>
  ['maxCount', 'instanceCount', 'targetCapacity', 'totalTargetCapacity'].some(
    (name) => Number(member(value, name) ?? 0) >= many,
  );
