/* global duration -- the consumer puts it in front, so that all durations read alike */
/*
 * Shows /status, asked every second while somebody looks. Whatever comes from jobs is put in as text, never as HTML.
 */
(() => {
  const INTERVAL_MS = 1000;
  const PATIENCE_MS = 5000;
  /** Squares or dots drawn at most; beyond them a number says how many there are. */
  const MOST_DRAWN = 24;
  const remedies = JSON.parse(document.getElementById('remedies').textContent);
  const runbooks = JSON.parse(document.getElementById('runbooks').textContent);
  let answeredAt = Date.now();

  const find = (id) => document.getElementById(id);

  /** Changes the text only if it differs: screen readers read live regions again whenever they are touched. */
  function say(target, text) {
    if (target.textContent !== text) target.textContent = text;
  }

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

  function bytes(count) {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
    const power = count < 1 ? 0 : Math.min(Math.floor(Math.log2(count) / 10), units.length - 1);
    return `${Number((count / 1024 ** power).toPrecision(3))} ${units[power]}`;
  }

  const rate = (perSecond) => Number(perSecond.toPrecision(2)).toString();

  function showVerdict({ notReady, queueDepth, permits }) {
    const reasons = Object.values(notReady);
    const verdict = find('verdict');
    verdict.className = `verdict ${reasons.length > 0 ? 'bad' : 'good'}`;
    if (reasons.length > 0) return say(verdict, 'Not ready.');
    const idle = permits.held.jobs === 0 && (queueDepth?.waiting ?? 0) === 0;
    return say(verdict, idle ? 'Healthy, and nothing to do.' : 'Healthy and working.');
  }

  /** What is wrong, each with its runbook, and what hinders some jobs. */
  function showProblems({ notReady, warnings }) {
    const items = Object.entries(notReady).map(([name, reason]) =>
      element('li', { textContent: `${reason} ` }, ...linksTo(runbooks.reasons[name])),
    );
    const odd = warnings.map((warning) => element('li', { textContent: warning }));
    // Links that somebody is about to click stay while nothing changes.
    const told = JSON.stringify([notReady, warnings]);
    if (find('problems').dataset.told === told) return;
    find('problems').dataset.told = told;
    find('problems').replaceChildren(...items, ...odd);
  }

  function linksTo(name) {
    return name === undefined
      ? []
      : [element('a', { href: `/runbooks/${name}`, textContent: 'Runbook' })];
  }

  /** What the consumer depends on, by the beginning of the keys of its problems. */
  const REMOTES = { redis: 'Redis', bucket: 'Bucket', models: 'Model servers' };

  function showRemotes({ notReady, notTried }) {
    const troubled = Object.keys(notReady);
    const items = Object.entries(REMOTES).map(([key, name]) => {
      const found = troubled.find((one) => one.startsWith(key));
      const trouble = notTried.includes(found) ? 'not tried yet' : 'away';
      const className = found ? 'bad' : 'good';
      return element('li', {
        className,
        textContent: `${name}: ${found ? trouble : 'no problem'}`,
      });
    });
    find('remotes').replaceChildren(...items);
  }

  /** As many columns as fit and fill their rows, so that no card stands alone. */
  function balance(list, leastRem) {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    const fit = Math.max(1, Math.floor(list.clientWidth / (leastRem * rem)));
    const cards = list.children.length;
    let columns = Math.ceil(cards / Math.ceil(cards / fit)) || 1;
    while (columns > 1 && cards % columns === 1) columns -= 1;
    list.style.setProperty('--columns', String(columns));
  }

  function balanceAll() {
    balance(find('figures'), 9.5);
    balance(find('stages'), 10);
  }

  function figure(name, value, note = '') {
    return element(
      'div',
      {},
      element('dt', { textContent: name }),
      element('dd', { textContent: value }, element('small', { textContent: note })),
    );
  }

  function showFigures(status) {
    const { queueDepth, permits, outcomes, jobsPerSecond, oldestJob, parents } = status;
    const { uptimeSeconds } = status;
    const { held, limits } = permits;
    // An intake that waits for a job holds a permit for it, too.
    const jobs = status.queues.reduce((sum, { inWork }) => sum + inWork, 0);
    const children = plural(parents.openChildren, 'child', 'children');
    const waitsFor = `${children} open, oldest ${duration(1000 * parents.oldestSeconds)}`;
    find('figures').replaceChildren(
      figure('Waiting in the queue', queueDepth ? `${queueDepth.waiting}` : '?'),
      figure(
        'Jobs held here',
        `${jobs}`,
        `of ${limits.jobs} (JOBS_IN_FLIGHT${status.queues.length > 1 ? ', and one for each further queue' : ''})`,
      ),
      figure('Memory reserved', bytes(held.bytes), `of ${bytes(limits.bytes)} (BYTES_IN_FLIGHT)`),
      figure('Jobs a second', rate(jobsPerSecond), 'in the last minute'),
      figure('Done', `${outcomes.done ?? 0}`, `in ${duration(1000 * uptimeSeconds)}`),
      figure('Failed', `${outcomes.failed ?? 0}`, `${outcomes.returned ?? 0} given back`),
      figure(
        'Oldest job',
        oldestJob ? duration(1000 * oldestJob.seconds) : 'none',
        oldestJob ? `in ${oldestJob.stage}, id ${oldestJob.id}` : '',
      ),
      ...(parents.parked > 0
        ? [figure('Waiting for children', `${parents.parked}`, waitsFor)]
        : []),
    );
  }

  function showQueues({ queues }) {
    find('queues-section').hidden = queues.length < 2;
    find('queues').tBodies[0].replaceChildren(...queues.map(queueRow));
  }

  function queueRow({ queue, workflow, queueDepth, inWork, outcomes }) {
    const waiting = queueDepth?.waiting ?? '?';
    const cells = [queue, workflow, waiting, inWork, outcomes.done ?? 0, outcomes.failed ?? 0];
    return element('tr', {}, ...cells.map((text) => element('td', { textContent: `${text}` })));
  }

  function squares(count, className) {
    const drawn = Array.from({ length: Math.min(count, MOST_DRAWN) }, () =>
      element('i', { className }),
    );
    return count > MOST_DRAWN
      ? [...drawn, element('b', { textContent: `+${count - MOST_DRAWN}` })]
      : drawn;
  }

  function stageBox(stage, isBottleneck) {
    const { name, inFlight, waiting, capacity, perSecond, meanMs, errors } = stage;
    const taken = Math.min(inFlight, capacity);
    const places = [...squares(taken, 'taken'), ...squares(capacity - taken, '')];
    const box = element(
      'li',
      { className: isBottleneck ? 'stage hot' : 'stage' },
      element(
        'h3',
        { textContent: name },
        element('span', { textContent: isBottleneck ? 'bottleneck' : '' }),
      ),
      drawing([...squares(waiting, 'waits')]),
      drawing(places),
      element('p', { textContent: plural(waiting, 'job waits', 'jobs wait') }),
      element('p', { textContent: `${inFlight} of ${plural(capacity, 'place')} taken` }),
      element('p', { textContent: `${rate(perSecond)}/s, ${meanMs} ms each` }),
    );
    if (errors > 0)
      box.append(element('p', { className: 'failed', textContent: plural(errors, 'error') }));
    return box;
  }

  /** The words below it say the same. */
  function drawing(children) {
    const row = element('div', { className: 'row' }, ...children);
    row.setAttribute('aria-hidden', 'true');
    return row;
  }

  function showStages({ stages, bottleneck }) {
    const hint = find('bottleneck');
    hint.className = bottleneck ? 'bottleneck hot' : 'bottleneck';
    const words = bottleneck ? bottleneck.reason : 'Nothing holds jobs up.';
    if (hint.dataset.told !== words) {
      hint.dataset.told = words;
      hint.replaceChildren(`${words} `, ...linksTo(runbooks.bottlenecks[bottleneck?.lacks]));
    }
    find('stages').replaceChildren(
      ...stages.map((stage) => stageBox(stage, stage.name === bottleneck?.stage)),
    );
  }

  function showErrors({ errors }) {
    find('errors').hidden = errors.length === 0;
    find('no-errors').hidden = errors.length > 0;
    find('errors').tBodies[0].replaceChildren(...errors.map(errorRow));
  }

  /** The date too if it was not today. */
  function spokenTime(at) {
    const isToday = at.toDateString() === new Date().toDateString();
    return isToday ? at.toLocaleTimeString() : at.toLocaleString();
  }

  function errorRow({ at, id, code, message }) {
    const when = element('time', { dateTime: at, textContent: spokenTime(new Date(at)) });
    const remedy = element('small', { textContent: remedies[code] ?? '' });
    return element(
      'tr',
      {},
      element('td', {}, when),
      element(
        'td',
        { textContent: `${code} ` },
        ...linksTo(runbooks.codes[code] ?? runbooks.failed),
      ),
      element('td', { textContent: message }, remedy),
      element('td', { textContent: id }),
    );
  }

  function show(status) {
    say(find('workflow'), status.workflow);
    say(
      find('identity'),
      `${status.queues.length > 1 ? 'queues' : 'queue'} ${status.queue}, ${status.hostName}, ` +
        `version ${status.version}, up ${duration(1000 * status.uptimeSeconds)}`,
    );
    document.title = `${Object.keys(status.notReady).length > 0 ? '✗' : '✓'} ${status.workflow} on ${status.hostName}`;
    showVerdict(status);
    showProblems(status);
    showRemotes(status);
    showFigures(status);
    showQueues(status);
    showStages(status);
    showErrors(status);
    balanceAll();
  }

  async function refresh() {
    try {
      const answer = await fetch('/status', { signal: AbortSignal.timeout(PATIENCE_MS) });
      show(await answer.json());
      answeredAt = Date.now();
    } catch {
      const verdict = find('verdict');
      verdict.className = 'verdict bad';
      const seconds = Math.round((Date.now() - answeredAt) / 1000);
      say(verdict, `No answer for ${duration(1000 * seconds)}. What is shown below is old.`);
    }
  }

  /** Asks again a while after the last answer, and only while somebody looks. */
  async function goOn() {
    if (!document.hidden) await refresh();
    setTimeout(goOn, INTERVAL_MS);
  }

  window.addEventListener('resize', balanceAll);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void refresh();
  });
  void goOn();
})();
