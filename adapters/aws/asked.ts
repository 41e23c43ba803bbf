import { ReadingBrokenOff } from '../../usecases/ports/inventory-scan.ts';
import type { Answers } from '../../usecases/ports/organization-scan.ts';

/** Calls that are made once each, whatever becomes of the scan between them; one at a time, since these services throttle early. */
export class Asked {
  private readonly answers: Answers;
  private readonly hasTime: () => boolean;

  constructor(answers: Answers, hasTime: () => boolean = () => true) {
    this.answers = answers;
    this.hasTime = hasTime;
  }

  async once<T>(call: string, send: () => Promise<T>): Promise<T> {
    if (!this.answers.has(call)) {
      if (!this.hasTime()) throw new ReadingBrokenOff(`before ${call}`);
      this.answers.set(call, await send());
    }
    return this.answers.get(call) as T;
  }

  async pages<T extends { NextToken?: string }, I>(
    call: string,
    send: (NextToken?: string) => Promise<T>,
    itemsOf: (page: T) => I[] | undefined,
  ): Promise<I[]> {
    const items: I[] = [];
    let token: string | undefined;
    do {
      const page: T = await this.once(`${call} ${token ?? ''}`, () => send(token));
      items.push(...(itemsOf(page) ?? []));
      token = page.NextToken;
    } while (token !== undefined);
    return items;
  }
}
