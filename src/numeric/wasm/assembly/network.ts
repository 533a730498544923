// Kernels that train small networks, in WebAssembly SIMD: matrix products, the layers between them, and their gradients.
// As in kernels.ts: float32, row-major, addresses and counts. Columns are multiples of 8, element counts multiples of 4.
// Each has a plain twin in src/numeric/network, whose gradients are tested in float64 against finite differences.

export { attention, attentionBackward } from './attention';
export {
  adam, addInto, dropout, gelu, geluBackward, relu, reluBackward, sigmoid, tanh,
} from './elements';
export { binaryCrossEntropy, sampledSoftmax } from './losses';
export { lstmStep, lstmStepBackward } from './lstm';
export { maskedSigmoid, maskedSoftmax } from './maskedLosses';
export {
  addMultiply, addMultiplyTransposed, addTransposedMultiply, multiply, multiplyTransposed, setScratch,
} from './products';
export {
  addBias, addColumnSums, addScaledRows, gatherRows, layerNorm, layerNormBackward, rowDots, scatterAddRows,
} from './rows';
export { gruStep, gruStepBackward, unitRows, unitRowsBackward } from './recurrent';
