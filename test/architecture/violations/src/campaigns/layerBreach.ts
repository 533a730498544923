// breaks: campaigns-imports
import '../training/run';
