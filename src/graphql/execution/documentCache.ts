import type { DocumentNode } from 'graphql';

/** Apollo's cache of parsed and validated documents. */
export interface DocumentCache {
  get(key: string): Promise<DocumentNode | undefined>;
  set(key: string, document: DocumentNode): Promise<void>;
  delete(key: string): Promise<boolean>;
}

/**
 * Caches the most recently used documents, together with what is derived from them (access, cost, plans).
 *
 * @param capacity - maximum number of documents
 */
export function createDocumentCache(capacity: number): DocumentCache {
  const documents = new Map<string, DocumentNode>();
  return {
    get(key) {
      const document = documents.get(key);
      if (document !== undefined) {
        documents.delete(key);
        documents.set(key, document);
      }
      return Promise.resolve(document);
    },
    set(key, document) {
      documents.set(key, document);
      if (documents.size > capacity) {
        for (const oldest of documents.keys()) {
          documents.delete(oldest);
          break;
        }
      }
      return Promise.resolve();
    },
    delete: key => Promise.resolve(documents.delete(key)),
  };
}
