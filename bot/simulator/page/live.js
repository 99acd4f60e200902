/**
 * Keeping up with the server: what changed comes as server-sent events, what it is now is always fetched.
 */

const RETRY_MS = 1000;

/**
 * Follow the server's events for as long as the page lives, over restarts of the server.
 *
 * @param {{onPhone: (id: number) => void, onPhones: () => void, onGroups: () => void, onOpen: () => void, onLost: () => void}} hear
 *   `onOpen` means that anything may have changed; `onLost` that nothing is heard until the next `onOpen`.
 */
export function follow(hear) {
  const source = new EventSource("/api/events");
  source.addEventListener("open", hear.onOpen);
  source.addEventListener("phone", (event) => hear.onPhone(JSON.parse(event.data).id));
  source.addEventListener("phones", hear.onPhones);
  source.addEventListener("groups", hear.onGroups);
  source.addEventListener("error", () => {
    hear.onLost();
    // The browser tries again by itself after a broken line, but gives up after an error status.
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => follow(hear), RETRY_MS);
  });
}

/**
 * A function that loads at most once at a time, and once more whenever it was called while loading.
 * So the last load always began after the last call, and no change is lost. A failed load is tried again.
 *
 * @param {() => Promise<void>} load
 * @returns {() => Promise<void>}
 */
export function refresher(load) {
  let running = false;
  let again = false;
  return async function refresh() {
    again = true;
    if (running) return;
    running = true;
    try {
      while (again) {
        again = false;
        await load();
      }
    } catch {
      setTimeout(refresh, RETRY_MS);
    } finally {
      running = false; // in the same turn as the last look at `again`: a call in between would be lost
    }
  };
}

/**
 * A queue of one's own: what is put in runs in order, each after the one before it has ended.
 *
 * @returns {<T>(work: () => Promise<T>) => Promise<T>}
 */
export function inOrder() {
  let last = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}
