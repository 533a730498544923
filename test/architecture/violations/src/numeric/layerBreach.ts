// breaks: numeric-imports
import '../store/ports/port';
