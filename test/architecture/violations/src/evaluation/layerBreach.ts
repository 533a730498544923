// breaks: evaluation-imports
import '../training/run';
