// breaks: graphql-only-in-its-layer
import 'graphql';
