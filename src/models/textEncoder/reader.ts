import { createArena } from '../../numeric/wasm/arena';
import type { ProductDocument } from '../../snapshot/snapshot';
import { layoutOf, type Shape } from './shape';
import { readTexts } from './tasks';
import { createLexicon, textsOf, wholeText } from './texts';
import { createWorkspace, workspaceScratchLength, writeTexts } from './workspace';

/** Trained parameters. */
export interface Parameters {
  readonly shape: Shape;
  /** [buckets × D] */
  readonly table: Float32Array;
  /** See layoutOf. */
  readonly dense: Float32Array;
}

/** Reads products by id. Returns one row of D floats per product, in the order of the map. */
export type Reader = (documents: ReadonlyMap<string, ProductDocument>) => Float32Array;

const textsAtOnce = 64;

/** A reader on the calling thread, with its own copy of the parameters. External vectors count as zeros. */
export function createReader({ shape, table, dense }: Parameters): Reader {
  const arena = createArena();
  const workspace = createWorkspace(arena, shape, textsAtOnce, false);
  new Float32Array(arena.memory.buffer, workspace.table, table.length).set(table);
  new Float32Array(arena.memory.buffer, workspace.dense, layoutOf(shape).length).set(dense);
  const scratch = arena.float32(workspaceScratchLength(shape)).byteOffset;
  const { dimensions: d } = shape;
  return documents => {
    const lexicon = createLexicon(shape.buckets);
    const external = shape.inputs > 0 ? new Float32Array(shape.inputs) : null;
    const inputTexts = [...documents].map(([id, document]) => ({
      words: wholeText(textsOf(document, id, lexicon), shape.tokens),
      external,
    }));
    const out = new Float32Array(inputTexts.length * d);
    for (let first = 0; first < inputTexts.length; first += textsAtOnce) {
      const own = inputTexts.slice(first, first + textsAtOnce);
      writeTexts(arena, workspace, own, lexicon);
      readTexts(Object.assign({ memory: arena.memory, scratch }, workspace));
      out.set(new Float32Array(arena.memory.buffer, workspace.vectors, own.length * d), first * d);
    }
    return out;
  };
}
