// breaks: every-file-has-a-room
import './domain/thing';
