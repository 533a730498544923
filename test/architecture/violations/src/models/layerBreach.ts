// breaks: models-imports
import '../insights/insight';
