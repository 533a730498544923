import './config';
import '../domain/noun';
