// breaks: experiments-imports
import '../evaluation/metrics';
