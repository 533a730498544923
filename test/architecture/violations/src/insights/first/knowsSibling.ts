// breaks: insights-do-not-know-each-other
import '../second/insight';
