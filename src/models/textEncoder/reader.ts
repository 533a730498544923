import { createArena } from '../../numeric/wasm/arena';
import type { ProductDocument } from '../../snapshot/snapshot';
import { layoutOf, type Shape } from './shape';
import { readHere } from './tasks';
import { createLexicon, textsOf, wholeText } from './texts';
import { layOut, setUpWorkspace, workspaceScratchLength } from './workspace';

/** Parameters as they were learned. */
export interface Parameters {
  readonly shape: Shape;
  /** [buckets × D] */
  readonly table: Float32Array;
  /** See layoutOf. */
  readonly dense: Float32Array;
}

/** Reads products by id: a row of D floats each, in the order of the map. */
export type Reader = (documents: ReadonlyMap<string, ProductDocument>) => Float32Array;

const textsAtOnce = 64;

/** A reader on this thread, with a copy of the parameters in a memory of its own. Vectors from outside count as none. */
export function createReader({ shape, table, dense }: Parameters): Reader {
  const arena = createArena();
  const workspace = setUpWorkspace(arena, shape, textsAtOnce, false);
  new Float32Array(arena.memory.buffer, workspace.table, table.length).set(table);
  new Float32Array(arena.memory.buffer, workspace.dense, layoutOf(shape).length).set(dense);
  const scratch = arena.float32(workspaceScratchLength(shape)).byteOffset;
  const { dimensions: d } = shape;
  return documents => {
    const lexicon = createLexicon(shape.buckets);
    const given = shape.inputs > 0 ? new Float32Array(shape.inputs) : null;
    const sheets = [...documents].map(([id, document]) => ({
      words: wholeText(textsOf(document, id, lexicon), shape.tokens),
      given,
    }));
    const out = new Float32Array(sheets.length * d);
    for (let first = 0; first < sheets.length; first += textsAtOnce) {
      const own = sheets.slice(first, first + textsAtOnce);
      layOut(arena, workspace, own, lexicon);
      readHere(Object.assign({ memory: arena.memory, scratch }, workspace));
      out.set(new Float32Array(arena.memory.buffer, workspace.vectors, own.length * d), first * d);
    }
    return out;
  };
}
