import { textCnn, textTransformer, textVectors } from '../../../src/models/textEncoder/model';
import { textEncoderTasks } from '../../../src/models/textEncoder/tasks';
import { itBehavesLikeAModel } from '../../conformance/model';

const small = { rank: 16, buckets: 512, maxLength: 8, epochs: 1, batchSize: 32 };

itBehavesLikeAModel(() => textCnn(small), textEncoderTasks);
itBehavesLikeAModel(() => textTransformer(small), textEncoderTasks);
itBehavesLikeAModel(() => textVectors(small), textEncoderTasks);
