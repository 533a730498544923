// breaks: privacy-imports
import '../artifact/artifact';
