// breaks: intake-imports
import '../models/model';
