import { Command } from 'commander';
import { registerActions } from '../../cli/actions.ts';
import { registerAudit } from '../../cli/audit.ts';
import { registerConfirm } from '../../cli/confirm.ts';
import { registerEnroll } from '../../cli/enroll.ts';
import { registerEvidence } from '../../cli/evidence.ts';
import { registerRequest } from '../../cli/request.ts';
import { registerRevoke } from '../../cli/revoke.ts';
import { registerStatus } from '../../cli/status.ts';

const signed = [registerConfirm, registerEnroll, registerRequest, registerRevoke, registerStatus];

/** In this process: a program of its own for each of a dozen questions takes longer than all the answers. */
export async function leastwise(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const { stdout, stderr } = process;
  const written = [stdout.write, stderr.write] as const;
  const keep =
    (where: 'out' | 'err') =>
    (text: string, done?: () => void): boolean => {
      said[where] += text;
      done?.();
      return true;
    };
  stdout.write = keep('out') as typeof stdout.write;
  stderr.write = keep('err') as typeof stderr.write;
  process.exitCode = undefined;
  try {
    const program = new Command();
    registerActions(program);
    registerAudit(program);
    registerEvidence(program);
    for (const register of signed) register(program);
    await program.parseAsync(args, { from: 'user' });
    return { code: Number(process.exitCode ?? 0), ...said };
  } catch (fault) {
    return { code: 1, out: said.out, err: (fault as Error).message };
  } finally {
    [stdout.write, stderr.write] = written;
    process.exitCode = undefined;
  }
}
