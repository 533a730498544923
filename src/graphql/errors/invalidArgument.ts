import { GatewayError } from '../../domain/errors';

/** Returns the error of an argument outside its documented range. @param got - without the text that the client sent */
export const invalidArgument = (argument: string, expected: string, got: string): GatewayError =>
  new GatewayError('BAD_USER_INPUT', `Expected \`${argument}\` to be ${expected}; got ${got}. Correct it.`, {
    argument,
  });
