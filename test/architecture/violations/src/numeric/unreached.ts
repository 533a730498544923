// breaks: no-unreachable-module
export const unreached = 1;
