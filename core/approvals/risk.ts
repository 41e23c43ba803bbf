/** What a mistaken or stolen approval could cost. */
export type Risk = 'low' | 'medium' | 'high';

const order: readonly Risk[] = ['low', 'medium', 'high'];

/** Whether one risk is greater than another. */
export const isAbove = (risk: Risk, bound: Risk): boolean => order.indexOf(risk) > order.indexOf(bound);
