// breaks: training-imports
import '../serving/list';
