import type { IncomingMessage, ServerResponse } from 'node:http';
import { createPace } from '../../../src/main/http/pace';
import { createShedder } from '../../../src/main/http/shedder';
import { deferred } from '../../support/deferred';

/** A shedder that refuses everything, whose delays end when the test says so. */
function startShedder() {
  const gate = deferred<void>();
  const sent: number[] = [];
  const pace = createPace({ perSecond: 10, burst: 2, clock: () => 0, sleep: () => gate.promise });
  const shed = createShedder({ admission: { refuses: () => true }, origins: [], pace });
  const respond = (id: number, request: Partial<IncomingMessage> = {}, destroyed = false) => {
    const response = { destroyed, writeHead: () => response, end: () => void sent.push(id) };
    const asked = { method: 'POST', url: '/graphql', headers: {}, ...request };
    return shed(asked as IncomingMessage, response as unknown as ServerResponse);
  };
  const turn = () => new Promise<void>(resolve => setImmediate(resolve));
  return { sent, respond, turn, release: gate.resolve };
}

describe('createShedder', () => {
  it('refuses a few requests at once, and the others of a flood later', async () => {
    const { sent, respond, turn, release } = startShedder();
    for (let id = 0; id < 5; id++) expect(respond(id)).toBe(true);
    await turn();
    expect(sent).toEqual([0, 1, 2]);
    release();
    await turn();
    expect(sent).toEqual([0, 1, 2, 3, 4]);
  });

  it('lets a bounded number wait, and refuses further ones at once', async () => {
    const { sent, respond, turn } = startShedder();
    for (let id = 0; id < 1100; id++) respond(id);
    await turn();
    expect(sent).toHaveLength(1100 - 1024 + 3);
    expect(sent).toContain(1099);
  });

  it('sends nothing to a client that has left', async () => {
    const { sent, respond, turn } = startShedder();
    respond(1, {}, true);
    await turn();
    expect(sent).toEqual([]);
  });

  it.each([{ method: 'OPTIONS' }, { url: '/health/live' }, { url: '/graphqlx' }])(
    'leaves %j to the others',
    request => {
      expect(startShedder().respond(0, request)).toBe(false);
    },
  );
});
