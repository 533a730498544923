// breaks: no-cycles
import './cycleTwo';
