// breaks: every-file-has-a-layer
import './domain/noun';
