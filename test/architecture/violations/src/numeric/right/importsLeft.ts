// breaks in its folder: no-two-way-folders
import '../left/imported';
