import { join } from 'node:path';
import { createApiEncoder } from '../store/encoders/apiEncoder';
import { createOnnxEncoder } from '../store/encoders/onnxEncoder';
import { withVectorCache } from '../store/encoders/vectorCache';
import type { DocumentEncoder } from '../store/ports/documentEncoder';
import type { Config } from './config';

/**
 * Opens the configured encoder, with its cache in the data folder; null when none is configured.
 *
 * @throws {GatewayError} ENCODER_INVALID when the folder or its runtime cannot be used
 */
export async function openEncoder({
  encoder,
  dataDir,
}: Pick<Config, 'encoder' | 'dataDir'>): Promise<DocumentEncoder | null> {
  if (encoder === null) return null;
  const opened = encoder.kind === 'api' ? createApiEncoder(encoder) : await createOnnxEncoder(encoder);
  return withVectorCache(opened, join(dataDir, 'encodings'));
}
