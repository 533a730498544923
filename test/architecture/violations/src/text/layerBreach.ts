// breaks: text-imports
import '../store/ports/port';
