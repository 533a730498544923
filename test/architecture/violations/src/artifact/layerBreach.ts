// breaks: artifact-imports
import '../text/words';
