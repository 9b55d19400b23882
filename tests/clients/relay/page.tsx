/** A page without a browser, on which a component of Relay is drawn and its buttons pressed. */
import { type ReactElement, Suspense } from 'react';
import { Window } from 'happy-dom';
import { RelayEnvironmentProvider } from 'react-relay';
import { ADDRESS } from '../address';
import { environment } from './environment';

const window = new Window();
Object.assign(globalThis, { window, document: window.document });
const { createRoot } = await import('react-dom/client'); // which looks for a window when it is read

/** The ids in the list once it is drawn, and the buttons that it offers. */
export class Page {
  private readonly place = window.document.createElement('main');
  private readonly root = createRoot(this.place as unknown as Element);

  constructor(shown: ReactElement) {
    this.root.render(
      <RelayEnvironmentProvider environment={environment(ADDRESS)}>
        <Suspense fallback="…">{shown}</Suspense>
      </RelayEnvironmentProvider>,
    );
  }

  /** The ids of the list when it has so many. */
  async holding(count: number): Promise<string[]> {
    const late = Date.now() + 30_000;
    for (;;) {
      const ids = [...this.place.querySelectorAll('li')].map(({ id }) => id);
      if (ids.length === count) return ids;
      if (ids.length > count) throw new Error(`${ids.length} in place of ${count}: ${ids}`);
      if (Date.now() > late) throw new Error(`after 30 s the page shows ${this.place.innerHTML}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** The names of the buttons that are there. */
  get offered(): string[] {
    return [...this.place.querySelectorAll('button')].map((button) => button.name);
  }

  press(name: 'before' | 'after'): void {
    const button = this.place.querySelector<any>(`button[name=${name}]`);
    if (!button) throw new Error(`there is no button ${name}`);
    button.click();
  }

  close(): void {
    this.root.unmount();
  }
}
