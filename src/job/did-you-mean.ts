/** A question that names the known word nearest to a mistyped one, or undefined when none is near. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const nearest = nearestOf(word, known);
  return nearest && `did you mean ${nearest}?`;
}

/** The known word that a mistyped one may mean: few letters differ. */
export function nearestOf(word: string, known: Iterable<string>): string | undefined {
  const folded = word.toLowerCase();
  const limit = Math.max(1, Math.floor(folded.length / 3));
  const [nearest] = [...known]
    .filter((candidate) => Math.abs(candidate.length - word.length) <= limit)
    .map((candidate) => ({candidate, distance: editDistance(folded, candidate.toLowerCase())}))
    .filter(({distance}) => distance <= limit)
    .toSorted((a, b) => a.distance - b.distance);
  return nearest?.candidate;
}

/** Insertions, deletions, replacements, and neighbours that changed places. */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({length: to.length + 1}, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return row.at(-1) ?? 0;
}
