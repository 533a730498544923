// breaks: serving-imports
import '../training/run';
