import type { CommitObserver } from './commitObserver';
import type { GraphqlContext } from './context';

/**
 * Calls the observers one after another, in the order of the list. An observer that fails is reported; the others still
 * run and the mutation succeeds, because its write is already committed.
 */
export async function notifyObservers(
  { services, requestId }: Pick<GraphqlContext, 'services' | 'requestId'>,
  notify: (observer: CommitObserver) => void | Promise<void>,
): Promise<void> {
  for (const observer of services.afterCommit) {
    try {
      await notify(observer);
    } catch (error) {
      services.reports.observerFailed(observer.name, error, requestId);
    }
  }
}
