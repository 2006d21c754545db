import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { type Browser, type Page, launch } from 'puppeteer-core';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { Deployment, doubling } from '../harness/processes/consumer-process.ts';

const CHROMIUM = process.env['CHROMIUM_BIN'] ?? '/usr/bin/chromium';
const JOBS = 20;
/** Foreign text: a browser must show it, not obey it. */
const EVIL = 'uploads/<img src=x onerror="document.title=1">.tif';

/** A browser, and what went wrong in its pages. */
class Visitor {
  readonly problems: string[] = [];
  readonly requests = new Set<string>();
  readonly browser: Browser;

  constructor(browser: Browser) {
    this.browser = browser;
  }

  async open(url: string, width: number): Promise<Page> {
    const page = await this.browser.newPage();
    await page.setViewport({ width, height: 900 });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warn')
        this.problems.push(message.text());
    });
    page.on('pageerror', (error) => this.problems.push(String(error)));
    page.on('request', (request) => this.requests.add(request.url()));
    await page.goto(url);
    return page;
  }
}

describe('the status page in a browser, while predictions are slow', () => {
  let deployment: Deployment;
  let visitor: Visitor;
  let url: string;
  let profile: string;

  before(async () => {
    deployment = await Deployment.open({
      models: [doubling],
      environment: { PREDICT_CONCURRENCY: '2', JOBS_IN_FLIGHT: '16' },
    });
    deployment.models.script([{ type: 'slow', ms: 1500 }]);
    url = `http://127.0.0.1:${httpPort(deployment.log)}/`;
    profile = await mkdtemp(join(tmpdir(), 'kiosk-browser-'));
    visitor = new Visitor(
      await launch({
        executablePath: CHROMIUM,
        userDataDir: profile,
        args: ['--no-sandbox', '--disable-dev-shm-usage'],
      }),
    );
    await deployment.submit('image:evil', { input_file_name: EVIL });
    await deployment.ended('image:evil');
    await submitJobs(deployment);
  });

  after(async () => {
    await visitor.browser.close();
    await deployment.close();
    await rm(profile, { recursive: true, force: true });
  });

  test('it names the stage that holds the others up, and says what to do', async () => {
    const page = await visitor.open(url, 1600);
    // At first the jobs come in a crowd, and an earlier stage may be the one that holds them up.
    await page.waitForFunction(
      `document.querySelector('#bottleneck.hot')?.textContent.startsWith('predict')`,
      { timeout: 20_000 },
    );
    const hint = await page.$eval('#bottleneck', (element) => element.textContent);
    assert.match(
      hint,
      /^predict is the bottleneck: \d of 2 places are taken( and \d+ jobs? waits?)?\./,
    );
    assert.match(hint, /model servers.*PREDICT_CONCURRENCY/);
    const hot = await page.$$eval('.stage.hot h3', (titles) =>
      titles.map((title) => title.textContent),
    );
    assert.deepEqual(hot, ['predictbottleneck']);
    await page.close();
  });

  test('a failed job is shown with its code and the remedy, foreign text as plain text', async () => {
    const page = await visitor.open(url, 800);
    await page.waitForSelector('#errors tbody tr', { timeout: 5000 });
    const cells = await page.$$eval('#errors tbody td', (found) =>
      found.map(({ textContent }) => textContent),
    );
    assert.equal(cells[1], 'missing_object Runbook');
    const runbook = await page.$eval('#errors tbody a', (link) => link.href);
    assert.match(await (await fetch(runbook)).text(), /^# KioskFailureRatioHigh\n/);
    assert.match(cells[2] ?? '', /Check input_file_name/);
    assert.ok(cells[2]?.includes(EVIL), cells[2]);
    assert.ok(deployment.log.includes(`"id":"${cells[3]}"`), cells[3]);
    assert.equal(await page.$('#errors img'), null);
    await page.close();
  });

  test('at no width a card stands alone in its row', async () => {
    const page = await visitor.open(url, 360);
    await page.waitForSelector('#stages li');
    for (const width of [360, 500, 700, 900, 1100, 1280, 1440, 1600, 1920]) {
      await page.setViewport({ width, height: 900 });
      const rows = await page.$$eval('#stages li', (cards) => {
        const tops = cards.map((card) => Math.round(card.getBoundingClientRect().top));
        return tops.map((top) => tops.filter((other) => other === top).length);
      });
      const [most = 0] = rows.toSorted((one, other) => other - one);
      assert.ok(most === 1 || !rows.includes(1), `${width}: ${rows.join()}`);
    }
    await page.close();
  });

  test('nothing is loaded from elsewhere, and the console stays empty', async () => {
    const page = await visitor.open(url, 360);
    await page.waitForSelector('#stages li');
    const wide = await page.evaluate('document.documentElement.scrollWidth');
    assert.ok(Number(wide) <= 360, `${String(wide)} pixels wide`);
    await page.close();
    const foreign = [...visitor.requests].filter(
      (address) => !address.startsWith(url) && !address.startsWith('data:'),
    );
    assert.deepEqual(foreign, []);
    assert.deepEqual(visitor.problems, []);
  });

  test('a screen reader finds headings, the verdict and the stages', async () => {
    const page = await visitor.open(url, 800);
    await page.waitForSelector('#stages li');
    const selectors = ['main', 'header', 'footer', 'nav', '[role=status]', 'ol > li > h3'];
    const roles = await Promise.all(
      selectors.map(async (selector) => (await page.$(selector)) !== null),
    );
    assert.deepEqual(roles, [true, true, true, true, true, true]);
    const tree = await page.accessibility.snapshot();
    const names = JSON.stringify(tree);
    for (const heading of ['Pipeline', 'Failed jobs', 'predict'])
      assert.ok(names.includes(heading));
    assert.ok(names.includes('2 of 2 places taken'), names);
    await page.close();
  });

  test('a dependency that is away is listed with a link to its runbook, and is not shown as healthy', async () => {
    const other = await deployment.startBeside({
      HOSTNAME: 'pod-2',
      STORAGE_BUCKET: 's3://nobody',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    });
    const page = await visitor.open(`http://127.0.0.1:${httpPort(other.log)}/`, 800);
    const shown = await page.waitForSelector('#problems a[href$="KioskBreakerOpen"]');
    assert.ok(shown);
    const words = await page.$eval('#problems li', (item) => item.textContent);
    assert.match(words, /s3:\/\/nobody cannot be used now.*Runbook$/);
    const remotes = await page.$eval('#remotes', (list) => list.textContent);
    assert.match(remotes, /Bucket: away/);
    assert.equal(await page.$eval('#verdict', (verdict) => verdict.textContent), 'Not ready.');
    await page.close();
    await other.signal('SIGTERM');
  });

  test('a dependency that has not answered yet is shown as not tried, by the data of /status', async (t) => {
    const silent = createServer().listen(0, '127.0.0.1');
    t.after(() => silent.close());
    await once(silent, 'listening');
    // A server that listens on a port has an address with one.
    const { port } = silent.address() as AddressInfo;
    const other = await deployment.startBeside({
      HOSTNAME: 'pod-3',
      STORAGE_BUCKET: 's3://nobody',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    });
    t.after(() => other.signal('SIGTERM'));
    const address = `http://127.0.0.1:${httpPort(other.log)}/`;
    const page = await visitor.open(address, 800);
    t.after(() => page.close());
    await page.waitForFunction(
      `document.querySelector('#remotes').textContent.includes('Bucket: not tried yet')`,
    );
    const notTried = async (): Promise<unknown> => {
      const status: unknown = await (await fetch(`${address}status`)).json();
      return typeof status === 'object' && status !== null && 'notTried' in status
        ? status.notTried
        : undefined;
    };
    // The model servers answer, sooner or later.
    await deployment.until(
      async () => isDeepStrictEqual(await notTried(), ['bucket']) || undefined,
    );
  });

  test('a consumer that only waits for a job holds none', async () => {
    const idle = await Deployment.open({ models: [doubling] });
    try {
      const page = await visitor.open(`http://127.0.0.1:${httpPort(idle.log)}/`, 800);
      await page.waitForFunction(
        "document.querySelector('#figures')?.textContent.includes('Jobs held here0of 32 ')",
        { timeout: 10_000 },
      );
      await page.close();
    } finally {
      await idle.close();
    }
  });

  test('it tells when the consumer is gone', async () => {
    const page = await visitor.open(url, 800);
    await page.waitForSelector('#stages li');
    await deployment.signal('SIGKILL');
    const isOld = "document.querySelector('#verdict').textContent.startsWith('No answer')";
    await page.waitForFunction(isOld, { timeout: 10_000 });
    await page.close();
    await deployment.start();
  });
});

async function submitJobs(deployment: Deployment): Promise<void> {
  const image = { shape: [64, 64], data: new Float32Array(4096).fill(1) };
  await deployment.upload('uploads/a.tif', encodeTiff(image));
  for (let number = 0; number < JOBS; number++) {
    await deployment.submit(`image:${number}`, {
      input_file_name: 'uploads/a.tif',
      model_name: 'Doubling',
      model_version: '1',
    });
  }
}

function httpPort(log: string): number {
  return Number(/"httpPort":(\d+)/.exec(log)?.[1] ?? /httpPort=(\d+)/.exec(log)?.[1]);
}
