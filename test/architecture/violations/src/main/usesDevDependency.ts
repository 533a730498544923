// breaks: no-dev-dependency-in-src
import 'fast-check';
