/** Tries again at once where it fails, since most faults are over by then; throws the last one. Only while `isQuick`. */
export async function insist<T>(work: () => Promise<T>, times = 3, isQuick = () => true): Promise<T> {
  for (let time = 1; ; time += 1) {
    try {
      return await work();
    } catch (fault) {
      if (time >= times || !isQuick()) throw fault;
    }
  }
}
