// breaks: insights-are-served-through-two-files
import '../insights/second/mixture';
import '../insights/second/insight';
