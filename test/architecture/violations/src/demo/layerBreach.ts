// breaks: demo-imports
import '../intake/rows';
