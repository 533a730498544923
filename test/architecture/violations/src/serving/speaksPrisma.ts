// breaks: prisma-only-in-its-adapter
import '@prisma/client';
