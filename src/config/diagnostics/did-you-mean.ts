import { distance } from 'fastest-levenshtein';

/** The known word that a mistyped one most probably stands for; `undefined` when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate) => ({ candidate, edits: edits(plain(word), plain(candidate)) })).sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.max(2, Math.floor(best.candidate.length / 3)) && best.edits < word.length ? best.candidate : undefined;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/-/g, '_');
}

/** Edits between two words; leaving a unit (`memory` for `memory_mb`) or a qualifier out counts as one. */
function edits(word: string, candidate: string): number {
  const [start, end] = [candidate.replace(/_[^_]*$/, ''), candidate.replace(/^[^_]*_/, '')];
  return Math.min(distance(word, candidate), 1 + distance(word, start), 1 + distance(word, end));
}
