/** Ends a message with what the user may have meant; empty without a guess. A guess is never quoted from free text. */
export function didYouMean(guess: string | undefined): string {
  return guess === undefined ? "" : `; did you mean "${guess}"?`;
}

/** The name that a text resembles most. Undefined if it resembles none. */
export function nearest<T extends string>(text: string, names: readonly T[]): T | undefined {
  const given = text.toLowerCase();
  const limit = (name: string) => Math.max(2, name.length / 3);
  // No text of another length is nearer than that: a long one is not compared at all.
  const comparable = names.filter((name) => Math.abs(given.length - name.length) <= limit(name));
  return comparable
    .map((name) => ({ name, distance: editDistance(given, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= limit(name))
    .sort((a, b) => a.distance - b.distance)[0]?.name;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
