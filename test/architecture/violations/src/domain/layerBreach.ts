// breaks: domain-imports
import '../numeric/kernel';
