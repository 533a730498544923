import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTrustedDocuments } from '../../src/main/trustedDocuments';
import { startTestGateway, type TestGateway } from '../support/gateway';

const title = 'query Title($id: ID!) { product(productId: $id) { title } }';
const track = 'mutation Track($i: EventsTrackInput!) { eventsTrack(input: $i) { accepted } }';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

const apollo = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [title, track].map(body => ({ id: sha256(body), name: 'X', type: 'query', body })),
};
const relay = { [md5(title)]: title, [md5(track)]: track };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'affinity-manifest-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function manifestFile(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe.each([
  ['apollo', apollo, sha256],
  ['relay', relay, md5],
])('with a manifest as %s writes it', (name, manifest, idOf) => {
  let gateway: TestGateway;
  const tokens = new Map<string, string>();
  beforeAll(async () => {
    const trustedDocuments = readTrustedDocuments(manifestFile(`${name}.json`, manifest));
    gateway = await startTestGateway({ server: { trustedDocuments } });
    for (const role of ['SHOPPER', 'STOREFRONT', 'INGEST', 'MERCHANDISER', 'ADMIN'])
      tokens.set(role, await gateway.token(role, role === 'SHOPPER' ? { user: 'anna' } : {}));
  });
  afterAll(() => gateway.close());

  async function post(role: string, body: object) {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.get(role)}` },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      body: (await response.json()) as {
        data?: unknown;
        errors?: { message: string; extensions: { code: string } }[];
      },
    };
  }
  const variables = { id: 'p01' };
  const answer = { status: 200, body: { data: { product: { title: 'demo product 1' } } } };

  it.each([
    ['as Apollo Client', { extensions: { persistedQuery: { version: 1, sha256Hash: idOf(title) } } }],
    ['as GraphQL over HTTP', { documentId: idOf(title) }],
    ['with a prefix', { documentId: `sha256:${idOf(title)}` }],
    ['as Relay', { doc_id: idOf(title) }],
    ['with its text', { documentId: idOf(title), query: title }],
    ['by its text alone', { query: title }],
  ])('executes a registered document that is sent %s', async (_how, body) => {
    for (const role of ['SHOPPER', 'STOREFRONT', 'ADMIN'])
      for (let time = 0; time < 2; time++) expect(await post(role, { ...body, variables })).toEqual(answer);
  });

  it('executes one that is sent by GET', async () => {
    const search = new URLSearchParams({
      extensions: JSON.stringify({ persistedQuery: { version: 1, sha256Hash: idOf(title) } }),
      variables: JSON.stringify(variables),
    });
    const headers = { 'apollo-require-preflight': '1', authorization: `Bearer ${tokens.get('SHOPPER')}` };
    const response = await fetch(`${gateway.url}/graphql?${search}`, { headers });
    expect(await response.json()).toEqual(answer.body);
  });

  it.each([
    ['another text', { query: '{ shop { name } }' }],
    ['a text with more white space', { query: `${title} ` }],
    ['another text under a registered id', { documentId: idOf(title), query: '{ shop { name } }' }],
    ['an unknown id', { documentId: sha256('x') }],
    [
      'an unknown hash of Apollo',
      { extensions: { persistedQuery: { version: 1, sha256Hash: sha256('x') } } },
    ],
    ['the id of a member of Object.prototype', { documentId: 'constructor' }],
  ])('refuses %s', async (_what, body) => {
    for (const role of ['SHOPPER', 'STOREFRONT', 'INGEST']) {
      const refused = await post(role, body);
      expect([refused.status, refused.body.errors?.[0].extensions.code]).toEqual([
        403,
        'DOCUMENT_NOT_TRUSTED',
      ]);
      expect(refused.body.data).toBeUndefined();
    }
    expect(gateway.unexpected).toEqual([]);
  });

  it('executes documents of staff that are not registered', async () => {
    for (const role of ['MERCHANDISER', 'ADMIN'])
      expect((await post(role, { query: '{ shop { shopId } }' })).body).toEqual({
        data: { shop: { shopId: 'demo' } },
      });
  });

  it('still checks the role for a registered document', async () => {
    const refused = await post('MERCHANDISER', { documentId: idOf(track), variables: { i: { events: [] } } });
    expect([refused.status, refused.body.errors?.[0].extensions.code]).toEqual([403, 'FORBIDDEN']);
  });
});

describe('a manifest that is none', () => {
  it.each([
    ['no JSON', '{'],
    ['a list', []],
    ['no document', {}],
    ['another format', { format: 'other', operations: [] }],
    ['operations without a text', { ...apollo, operations: [{ id: 'a' }] }],
    ['a text that is no text', { a: 1 }],
  ])('is refused at the start: %s', (name, content) => {
    expect(() => readTrustedDocuments(manifestFile(`${name}.json`, content))).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('AFFINITY_TRUSTED_DOCUMENTS'),
      }),
    );
  });

  it('is refused when the file is missing', () => {
    expect(() => readTrustedDocuments(join(folder, 'missing.json'))).toThrow(
      /AFFINITY_TRUSTED_DOCUMENTS.*ENOENT/,
    );
  });

  it('is absent without the setting', () => {
    expect(readTrustedDocuments(null)).toBeNull();
  });
});
