// breaks: store-imports
import '../snapshot/snapshot';
