// breaks: insights-imports
import '../models/model';
