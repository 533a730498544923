// breaks: learning-imports
import '../models/model';
