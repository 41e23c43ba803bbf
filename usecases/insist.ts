/** Tries again at once where it fails, since most faults are over by then; throws the last one. */
export async function insist<T>(work: () => Promise<T>, times = 3): Promise<T> {
  for (let time = 1; ; time += 1) {
    try {
      return await work();
    } catch (fault) {
      if (time >= times) throw fault;
    }
  }
}
