import { type ResumeChangesDeps, type Resumed, resumeChanges } from '../../usecases/resume-changes.ts';

export type Deps = ResumeChangesDeps & {
  /** A change that was decided and still cannot be carried out. */
  stuck(failure: Resumed['failed'][number]): void;
};

/** Called by the clock. Fails when a change could not be brought to an end, so that the function's errors tell it. */
export const resumeChangesHandler = (deps: Deps) => async (): Promise<Resumed> => {
  const resumed = await resumeChanges(deps)();
  for (const failure of resumed.failed) deps.stuck(failure);
  if (resumed.failed.length > 0) throw new Error(`${resumed.failed.length} changes could not be carried out`);
  return resumed;
};
