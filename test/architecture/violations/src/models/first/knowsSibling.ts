// breaks: models-do-not-know-each-other
import '../second/model';
