// breaks: graphql-imports
import '../models/model';
