import './config';
import '../domain/thing';
