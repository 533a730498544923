// breaks: not-to-unresolvable
import './nowhere';
