import type { DocumentNode } from 'graphql';

/** What Apollo keeps parsed and validated documents in. */
export interface DocumentCache {
  get(key: string): Promise<DocumentNode | undefined>;
  set(key: string, document: DocumentNode): Promise<void>;
  delete(key: string): Promise<boolean>;
}

/**
 * Keeps the latest used documents, with everything that hangs on them (access, cost, compiled code), up to a number:
 * a client that sends a new document each time only pushes out its own.
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
