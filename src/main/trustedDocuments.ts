import { readFileSync } from 'node:fs';
import { GatewayError } from '../domain/errors';
import { parseManifest, type TrustedDocuments } from '../graphql/trusted/manifest';

function readManifest(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = `Expected AFFINITY_TRUSTED_DOCUMENTS to name a file that can be read; got ${code}. Correct the path or its permissions, or remove the setting.`;
    throw new GatewayError('CONFIG_INVALID', message, {}, { cause: error });
  }
}

/**
 * Reads the manifest of trusted documents. A change of the file takes effect with the next start.
 *
 * @param path - null for none
 * @throws {GatewayError} CONFIG_INVALID when the file cannot be read, or is not a manifest
 */
export const readTrustedDocuments = (path: string | null): TrustedDocuments | null =>
  path === null ? null : parseManifest(readManifest(path));
