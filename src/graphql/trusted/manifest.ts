import { GatewayError } from '../../domain/errors';
import { isJsonObject } from '../../intake/jsonObject';

/** Documents of the shop's own clients, which were registered when the clients were built. */
export interface TrustedDocuments {
  /** Returns the text of a document by its id in the manifest. */
  textOf(id: string): string | undefined;
  /** Whether a text is that of a registered document. */
  has(text: string): boolean;
}

const invalid = (got: string): GatewayError =>
  new GatewayError(
    'CONFIG_INVALID',
    `Expected AFFINITY_TRUSTED_DOCUMENTS to name a manifest: a JSON object of texts by id (Relay), or one with "format": "apollo-persisted-query-manifest" (Apollo); got ${got}. Build the manifest again, or remove the setting.`,
  );

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('text that is not JSON');
  }
}

function operationOf(operation: unknown): readonly [unknown, unknown] {
  return isJsonObject(operation) ? [operation['id'], operation['body']] : [undefined, undefined];
}

/** Returns the entries of the manifest that `relay-compiler` or `generate-persisted-query-manifest` writes. */
function entriesOf(manifest: unknown): readonly (readonly [unknown, unknown])[] {
  if (!isJsonObject(manifest)) throw invalid('JSON that is not an object');
  if (!Object.hasOwn(manifest, 'format')) return Object.entries(manifest);
  const { format, operations } = manifest;
  if (format !== 'apollo-persisted-query-manifest' || !Array.isArray(operations))
    throw invalid('an unknown format');
  return operations.map(operationOf);
}

/**
 * Parses a manifest.
 *
 * @param text - JSON as Relay's or Apollo's tools write it
 * @throws {GatewayError} CONFIG_INVALID when it is neither, or has no document
 */
export function parseManifest(text: string): TrustedDocuments {
  const texts = new Map<string, string>();
  for (const [id, body] of entriesOf(parseJson(text))) {
    if (typeof id !== 'string' || id === '' || typeof body !== 'string' || body === '')
      throw invalid('an operation without an id or a text');
    texts.set(id, body);
  }
  if (texts.size === 0) throw invalid('a manifest without documents');
  const known = new Set(texts.values());
  return { textOf: id => texts.get(id), has: body => known.has(body) };
}
