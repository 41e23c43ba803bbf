import type { asffOf } from '../../core/findings/asff.ts';

/** Files of findings for whoever collects them; writing the same again changes nothing. */
export interface FindingFiles {
  put(key: string, line: string): Promise<void>;
}

/** AWS Security Hub of the account that calls it. Telling a finding again updates it. Throws where one was not taken. */
export interface SecurityHub {
  tell(findings: readonly ReturnType<typeof asffOf>[]): Promise<void>;
}
