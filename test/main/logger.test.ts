import { describeError } from '../../src/main/logger';

describe('describeError', () => {
  it('keeps name, code, frames and cause, and no message', () => {
    const cause = Object.assign(new Error('duplicate key (email)=(li@example.org)'), { code: '23505' });
    const described = describeError(new TypeError('user li@example.org', { cause }));
    expect(described).toMatchObject({ name: 'TypeError', cause: { name: 'Error', code: '23505' } });
    expect(described.stack).toContain('logger.test.ts');
    expect(JSON.stringify(described)).not.toContain('li@example.org');
  });

  it('names what is thrown and is no error', () => {
    expect(describeError('li@example.org')).toEqual({ name: 'string' });
  });

  it('follows causes three deep, so that a loop of causes ends', () => {
    const error = new Error('loop');
    error.cause = error;
    expect(describeError(error).cause?.cause?.cause).toBeUndefined();
  });
});
