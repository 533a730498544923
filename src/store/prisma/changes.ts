import { Client } from 'pg';
import type { Change, ChangeFeed } from '../ports/change';
import { guard } from './failures';
import type { PrismaClient } from './generated/client';

const channel = 'affinity_changes';
const firstRetryMs = 100;
const lastRetryMs = 5_000;
/** Interval of health checks, which detect silently broken connections. */
const checkMs = 30_000;

/** SQL that notifies every gateway of a change of the shop when the transaction commits. */
export const announceSql = (kind: Change['kind'], shopId: string): string =>
  `pg_notify('${channel}', json_build_object('kind', '${kind}', 'shopId', ${shopId})::text)`;

/** SQL that notifies every gateway, when the transaction commits, of users who were deactivated or withdrew consent. */
export const announceUsersSql = (shopId: string, userIds: string): string =>
  `SELECT pg_notify('${channel}', json_build_object('kind', 'user', 'shopId', ${shopId}, 'userId', id)::text)
  FROM unnest(${userIds}) AS id`;

/** As {@link announceSql}, as a step of a Prisma transaction. */
export const announce = (prisma: PrismaClient, change: Change) =>
  prisma.$executeRaw`SELECT pg_notify(${channel}, ${JSON.stringify(change)})`;

interface Subscriber {
  readonly onChange: (change: Change) => void;
  readonly onLost: () => void;
}

/** Listens on its own connection; reconnects when it is lost, and then calls `onLost`, as changes may have been missed. */
export class PrismaChanges implements ChangeFeed {
  private readonly subscribers = new Set<Subscriber>();
  private client: Client | null = null;
  private connecting: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly url: string) {}

  async subscribe(
    onChange: Subscriber['onChange'],
    onLost: Subscriber['onLost'],
  ): Promise<() => Promise<void>> {
    if (this.client === null) {
      this.connecting ??= this.connect().finally(() => {
        this.connecting = null;
      });
      await guard(this.connecting);
    }
    const subscriber = { onChange, onLost };
    this.subscribers.add(subscriber);
    return async () => {
      this.subscribers.delete(subscriber);
    };
  }

  /** Closes the connection; subscribers are not called again. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.subscribers.clear();
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      application_name: 'affinity-changes',
      connectionTimeoutMillis: 2_000,
      query_timeout: 5_000,
      keepAlive: true,
    });
    client.on('error', () => this.lose(client));
    client.on('end', () => this.lose(client));
    client.on('notification', ({ payload }) => this.deliver(payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    this.client = client;
    this.checkLater(client);
  }

  private deliver(payload: string): void {
    const change = JSON.parse(payload) as Change;
    for (const { onChange } of this.subscribers) onChange(change);
  }

  private checkLater(client: Client): void {
    this.timer = setTimeout(() => {
      client.query('SELECT 1').then(
        () => this.client === client && this.checkLater(client),
        () => this.lose(client),
      );
    }, checkMs).unref();
  }

  private lose(client: Client): void {
    if (this.client !== client || this.isClosed) return;
    this.client = null;
    clearTimeout(this.timer);
    void client.end().catch(() => undefined);
    this.retryLater(firstRetryMs);
  }

  private retryLater(waitMs: number): void {
    this.timer = setTimeout(() => {
      this.connect().then(
        () => {
          for (const { onLost } of this.subscribers) onLost();
        },
        () => !this.isClosed && this.retryLater(Math.min(waitMs * 2, lastRetryMs)),
      );
    }, waitMs).unref();
  }
}
