import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {type BrowserContext, type BrowserContextOptions, chromium, type Page} from 'playwright-core';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where the browser of the system lies; undefined where there is none, and then its tests are skipped. */
export const browserPath = candidates.find((path) => existsSync(path));

/** A browser that has seen nothing yet, and what its pages did that they should not. */
export class Browser {
  /** Messages of the console, errors, requests and dialogs. */
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;
  readonly #profile: string;

  private constructor(context: BrowserContext, profile: string) {
    this.#context = context;
    this.#profile = profile;
  }

  static async start(options: BrowserContextOptions = {}): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), 'bulk42-browser-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: browserPath ?? '',
      headless: true,
      viewport: {width: 1200, height: 900},
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
      ...options,
    });
    return new Browser(context, profile);
  }

  /** A file, which asks for nothing. */
  open(path: string): Promise<Page> {
    const url = pathToFileURL(path).href;
    return this.#open(url, (asked) => asked === url);
  }

  /** A page of a server, which asks for nothing elsewhere. */
  openAddress(address: string): Promise<Page> {
    const {origin} = new URL(address);
    return this.#open(address, (asked) => asked.startsWith(`${origin}/`) || asked.startsWith('data:'));
  }

  async #open(url: string, mayAsk: (asked: string) => boolean): Promise<Page> {
    const page = await this.#context.newPage();
    page.on('console', (message) => this.complaints.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!mayAsk(request.url())) this.complaints.push(`request: ${request.url()}`);
    });
    await page.goto(url, {waitUntil: 'load'});
    return page;
  }

  async close(): Promise<void> {
    await this.#context.close();
    rmSync(this.#profile, {recursive: true, force: true});
  }
}
