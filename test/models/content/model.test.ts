import { content } from '../../../src/models/content/model';
import { itBehavesLikeAModel } from '../../conformance/model';

itBehavesLikeAModel(() => content({ rank: 8 }));
