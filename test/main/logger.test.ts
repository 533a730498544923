import { describeError } from '../../src/main/logger';

describe('describeError', () => {
  it('includes name, code, frames and cause, but no message', () => {
    const cause = Object.assign(new Error('duplicate key (email)=(li@example.org)'), { code: '23505' });
    const described = describeError(new TypeError('user li@example.org', { cause }));
    expect(described).toMatchObject({ name: 'TypeError', cause: { name: 'Error', code: '23505' } });
    expect(described.stack).toContain('logger.test.ts');
    expect(JSON.stringify(described)).not.toContain('li@example.org');
  });

  it('reports the type of a thrown value that is not an error', () => {
    expect(describeError('li@example.org')).toEqual({ name: 'string' });
  });

  it('follows causes three levels deep, so that a cycle of causes ends', () => {
    const error = new Error('loop');
    error.cause = error;
    expect(describeError(error).cause?.cause?.cause).toBeUndefined();
  });
});
