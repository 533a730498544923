// breaks: graphql-only-in-its-room
import 'graphql';
