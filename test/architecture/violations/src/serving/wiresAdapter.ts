// breaks: adapters-are-wired-in-main
import '../store/memory/stores';
