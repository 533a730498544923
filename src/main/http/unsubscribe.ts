import type { FastifyInstance, FastifyReply } from 'fastify';
import type { SubscriptionStore } from '../../store/ports/subscription';
import { HttpRefusal } from './httpRefusal';
import type { Metrics } from './metrics';
import { type UnsubscribeLinks, unsubscribePath } from './unsubscribeLinks';

/** Dependencies of the addresses that end a subscription. */
export interface UnsubscribeOptions {
  readonly links: UnsubscribeLinks;
  readonly subscriptions: SubscriptionStore;
  readonly metrics: Metrics;
  readonly clock: () => number;
}

/** RFC 8058: `List-Unsubscribe=One-Click`, as a form of either kind. */
const bodyTypes = ['application/x-www-form-urlencoded', 'multipart/form-data'];
const maxBodyBytes = 2048;
const oneClick = /List-Unsubscribe(=|"\r?\n\r?\n)One-Click/;

const csp = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const pageOf = (title: string, content: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<h1>${title}</h1>
${content}
</html>
`;

const question = pageOf(
  'Stop these messages?',
  `<form method="post">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button type="submit">Unsubscribe</button>
</form>`,
);
const done = pageOf('Unsubscribed', '<p>You will get no more messages of this kind.</p>');

const unknownAddress = (): HttpRefusal =>
  new HttpRefusal(
    404,
    'Expected an address of a message; got another, or one that was signed with a former secret. Use the link of a newer message.',
  );

const sendPage = (reply: FastifyReply, page: string): FastifyReply =>
  reply.type('text/html; charset=utf-8').header('content-security-policy', csp).send(page);

/**
 * Adds `/unsubscribe/…` (RFC 8058). A POST of mail programs, or of the page, ends the subscription of one shopper to one
 * channel; repeating it changes nothing. A GET shows the page and changes nothing, because programs open addresses too.
 */
export function addUnsubscribe(
  app: FastifyInstance,
  { links, subscriptions, metrics, clock }: UnsubscribeOptions,
): void {
  let ended = 0;
  metrics.counter('affinity_unsubscribes_total', 'Subscriptions ended over their address.', () => ended);
  const address = `${unsubscribePath}/:token`;

  app.register(async scope => {
    scope.addContentTypeParser(
      bodyTypes,
      { parseAs: 'buffer', bodyLimit: maxBodyBytes },
      (_request, body, next) => next(null, body),
    );
    scope.get<{ Params: { token: string } }>(address, async ({ params }, reply) => {
      if (links.idOf(params.token) === null) throw unknownAddress();
      return sendPage(reply, question);
    });
    scope.post<{ Params: { token: string }; Body: unknown }>(address, async ({ params, body }, reply) => {
      const linkId = links.idOf(params.token);
      const key = linkId === null ? null : await subscriptions.findLink(linkId);
      if (key === null) throw unknownAddress();
      if (!(Buffer.isBuffer(body) && oneClick.test(body.toString('latin1')))) {
        const message =
          'Expected a form with List-Unsubscribe=One-Click; got another body. Send it, or open the address in a browser.';
        throw new HttpRefusal(400, message);
      }
      await subscriptions.choose(key, { isSubscribed: false, source: 'one-click' }, clock());
      ended += 1;
      return sendPage(reply, done);
    });
  });
}
