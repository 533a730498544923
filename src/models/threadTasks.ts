import { learningTasks } from '../learning/update';
import type { ThreadTask } from '../numeric/threadPool';
import { collaborativeTasks } from './collaborative/tasks';
import { easeSolveTasks } from './ease/solveTasks';
import { easeTasks } from './ease/tasks';
import { graphFilterTasks } from './graphFilter/tasks';
import { gruTasks } from './gru/tasks';
import { textEncoderTasks } from './textEncoder/tasks';
import { transformerTasks } from './transformer/step';

/**
 * All tasks that models run on threads, by the name they are posted under. A thread imports this list to find
 * its work.
 */
export const threadTasks: Readonly<Record<string, ThreadTask>> = {
  ...learningTasks,
  ...collaborativeTasks,
  ...easeTasks,
  ...easeSolveTasks,
  ...graphFilterTasks,
  ...transformerTasks,
  ...textEncoderTasks,
  ...gruTasks,
};
