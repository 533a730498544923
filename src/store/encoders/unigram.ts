// SentencePiece's unigram model: the most probable segmentation of a text into known pieces (Kudo 2018), by Viterbi over
// the characters. O(characters × longest piece).

/** Pieces and their probabilities. */
export interface UnigramOptions {
  /** Id and log-probability of each piece. */
  readonly pieces: ReadonlyMap<string, { readonly id: number; readonly score: number }>;
  readonly unknownId: number;
  readonly isLowercase: boolean;
}

/** SentencePiece's replacement of a space. */
const blank = '\u2581';
/** Score of an unknown character below that of the least probable piece, as in SentencePiece. */
const unknownPenalty = 10;

/** Pieces prepared for lookup, once per model. */
export interface UnigramModel extends UnigramOptions {
  readonly longestPiece: number;
  readonly unknownScore: number;
}

/** Prepares a model. */
export function unigramModel(options: UnigramOptions): UnigramModel {
  let longestPiece = 1;
  let lowest = 0;
  for (const [piece, { score }] of options.pieces) {
    longestPiece = Math.max(longestPiece, [...piece].length);
    lowest = Math.min(lowest, score);
  }
  return { ...options, longestPiece, unknownScore: lowest - unknownPenalty };
}

/**
 * Normalizes a text as SentencePiece's default table does: NFKC, runs of spaces collapsed, one space in front. Its few
 * rules beyond NFKC, for invisible characters, are covered by replacing control characters.
 */
function normalized(text: string, isLowercase: boolean): readonly string[] {
  const folded = text
    .normalize('NFKC')
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .trim()
    .replace(/\s+/gu, blank);
  if (folded === '') return [];
  return [...(blank + (isLowercase ? folded.toLowerCase() : folded))];
}

/** For each end, the start and the id of the last piece of the best segmentation. */
interface Cuts {
  readonly starts: Int32Array;
  readonly ids: Int32Array;
}

function bestCuts(characters: readonly string[], model: UnigramModel): Cuts {
  const { pieces, longestPiece, unknownId, unknownScore } = model;
  const scores = new Float64Array(characters.length + 1).fill(Number.NEGATIVE_INFINITY);
  const starts = new Int32Array(characters.length + 1);
  const ids = new Int32Array(characters.length + 1);
  scores[0] = 0;
  const offer = (start: number, end: number, id: number, score: number): void => {
    if (scores[start] + score <= scores[end]) return;
    scores[end] = scores[start] + score;
    starts[end] = start;
    ids[end] = id;
  };
  for (let start = 0; start < characters.length; start++) {
    let piece = '';
    const last = Math.min(characters.length, start + longestPiece);
    for (let end = start; end < last; end++) {
      piece += characters[end];
      const found = pieces.get(piece);
      if (found) offer(start, end + 1, found.id, found.score);
    }
    offer(start, start + 1, unknownId, unknownScore);
  }
  return { starts, ids };
}

/** Returns the ids of the pieces of a text; consecutive unknown characters are one unknown piece. */
export function unigramIds(text: string, model: UnigramModel): number[] {
  const characters = normalized(text, model.isLowercase);
  const { starts, ids } = bestCuts(characters, model);
  const found: number[] = [];
  for (let end = characters.length; end > 0; end = starts[end]) found.push(ids[end]);
  return found
    .reverse()
    .filter((id, index, all) => id !== model.unknownId || index === 0 || all[index - 1] !== id);
}
