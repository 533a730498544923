// breaks: explanation-imports
import '../models/model';
