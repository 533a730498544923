import { stem } from '../../text/stem';

const latinWord = /[\p{Script=Latin}\p{M}][\p{Script=Latin}\p{M}\p{Nd}]*/gu;

/**
 * Returns a function that writes terms as people do: each Latin word in its most common form ("christma tree" → "Christmas
 * tree"). Other terms stay as they are. O(text).
 *
 * @param terms - terms that will be asked for
 */
export function createSurfaceForms(
  terms: Iterable<string>,
  texts: Iterable<string>,
): (term: string) => string {
  const forms = new Map<string, Map<string, number>>();
  for (const term of terms) for (const word of term.split(' ')) forms.set(word, new Map());
  const stems = new Map<string, string>();
  for (const text of texts) {
    for (const [form] of text.normalize('NFKC').toLowerCase().matchAll(latinWord)) {
      const word = stems.get(form) ?? stem(form);
      stems.set(form, word);
      const counts = forms.get(word);
      counts?.set(form, (counts.get(form) ?? 0) + 1);
    }
  }
  const formOf = (word: string): string => {
    const counts = [...(forms.get(word) ?? [])];
    return counts.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? word;
  };
  return term => {
    const written = term.split(' ').map(formOf).join(' ');
    return written.charAt(0).toUpperCase() + written.slice(1);
  };
}
