// breaks: src-does-not-import-test
import '../../test/helper';
