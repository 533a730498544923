// breaks: nothing-imports-main
import '../main/config';
