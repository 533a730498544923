// breaks: snapshot-imports
import '../artifact/artifact';
