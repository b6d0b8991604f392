import { CompactRange, type Hash, type HashReader } from '../src/index.ts';

/** Holds every complete node of a tree, as a log would. */
export function memoryReader(leaves: readonly Hash[]): HashReader {
  const nodes = new Map<string, Hash>();
  const range = new CompactRange();
  for (const leaf of leaves) {
    range.append(leaf, (level, index, hash) => nodes.set(`${level}/${index}`, hash));
  }
  return {
    readHashes: (wanted) =>
      Promise.resolve(
        wanted.map(({ level, index }) => {
          const hash = nodes.get(`${level}/${index}`);
          if (hash === undefined) throw new RangeError(`no complete node ${level}/${index}`);
          return hash;
        }),
      ),
  };
}
