// BERT's tokenization: words, then the longest matching pieces of each from the left (Devlin et al. 2019; Wu et al. 2016).

/** Settings of the tokenization. */
export interface WordPieceOptions {
  /** Id of each piece. */
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unknownId: number;
  /** Prefix of pieces that continue a word. */
  readonly continuation: string;
  readonly isLowercase: boolean;
  readonly stripsAccents: boolean;
}

/** A longer word is one unknown piece. */
const maxWordLength = 100;

const ideograph = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{2fa1f}]/gu;
const control = /[\p{Cc}\p{Cf}\ufffd]/gu;
/** Words, or single punctuation marks, which in BERT include all ASCII symbols. */
const wordOrMark = /[\p{P}$+<=>^`|~]|[^\s\p{P}$+<=>^`|~]+/gu;

/** Splits a text into words as BERT does: ideographs and punctuation marks are separate words. */
function wordsOf(text: string, { isLowercase, stripsAccents }: WordPieceOptions): readonly string[] {
  const clean = text
    .replace(/[\t\n\r]/g, ' ')
    .replace(control, '')
    .replace(ideograph, ' $& ');
  const cased = isLowercase ? clean.toLowerCase() : clean;
  const plain = stripsAccents ? cased.normalize('NFD').replace(/\p{Mn}/gu, '') : cased;
  return plain.match(wordOrMark) ?? [];
}

/** Appends the ids of one word's pieces. */
function addPieces(word: string, options: WordPieceOptions, ids: number[]): void {
  const { vocabulary, unknownId, continuation } = options;
  const characters = [...word];
  const pieces: number[] = [];
  let start = 0;
  while (start < characters.length && characters.length <= maxWordLength) {
    let end = characters.length;
    let id: number | undefined;
    for (; end > start && id === undefined; end--) {
      const piece = characters.slice(start, end).join('');
      id = vocabulary.get(start > 0 ? continuation + piece : piece);
    }
    if (id === undefined) break;
    pieces.push(id);
    start = end + 1;
  }
  ids.push(...(start === characters.length ? pieces : [unknownId]));
}

/** Returns the ids of the pieces of a text. */
export function wordPieceIds(text: string, options: WordPieceOptions): number[] {
  const ids: number[] = [];
  for (const word of wordsOf(text, options)) addPieces(word, options, ids);
  return ids;
}
