import { distance } from 'fastest-levenshtein';

/** The known word that is closest to a misspelled one. `undefined` if none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate) => ({ candidate, edits: edits(plain(word), plain(candidate)) })).sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.max(2, Math.floor(best.candidate.length / 3)) && best.edits < word.length ? best.candidate : undefined;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/-/g, '_');
}

/** Edit distance of two words. A missing unit (`memory` for `memory_mb`) or qualifier counts as one edit. */
function edits(word: string, candidate: string): number {
  const [start, end] = [candidate.replace(/_[^_]*$/, ''), candidate.replace(/^[^_]*_/, '')];
  return Math.min(distance(word, candidate), 1 + distance(word, start), 1 + distance(word, end));
}
