// A line chart of the last minute, as SVG: colours come from the style sheet, so that a change of theme needs no code.

const SVG = 'http://www.w3.org/2000/svg';
const WINDOW_MS = 60_000;
// Readings come every second: where more than this lies between two, the line is broken.
const BREAK_MS = 2500;
const HEIGHT = 100;

/** @param {string} name @param {Record<string, string>} attributes */
function svg(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  return element;
}

export class Chart {
  /** @type {{t: number, values: number[]}[]} */
  #readings = [];
  #lines;
  #area;
  #figure = document.createElement('figure');
  #value = document.createElement('strong');
  #scale = document.createElement('span');
  #drawing;
  #name;
  #format;
  #max;

  /**
   * @param {string} name
   * @param {{lines: string[], format: (...values: number[]) => string, formatScale: (max: number) => string, max?: number}} how
   *   `lines` are style classes; without `max` the chart scales itself
   */
  constructor(name, { lines, format, formatScale, max }) {
    this.#name = name;
    this.#format = format;
    this.formatScale = formatScale;
    this.#max = max;
    const caption = document.createElement('figcaption');
    caption.append(name, this.#value);
    this.#drawing = svg('svg', { viewBox: `0 0 ${WINDOW_MS} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' });
    this.#drawing.setAttribute('aria-label', `${name}: no reading yet`);
    for (const y of [0.25, 0.5, 0.75]) {
      this.#drawing.append(svg('path', { class: 'grid', d: `M0 ${y * HEIGHT}H${WINDOW_MS}` }));
    }
    this.#area = svg('path', { class: `area ${lines[0]}` });
    this.#lines = lines.map(line => svg('path', { class: `line ${line}` }));
    this.#drawing.append(this.#area, ...this.#lines);
    this.#scale.className = 'scale';
    this.#figure.append(caption, this.#drawing, this.#scale);
  }

  get element() {
    return this.#figure;
  }

  /**
   * @param {number} t in milliseconds since 1970
   * @param {number[]} values one per line
   * @param {number} [max] of the scale from now on
   */
  add(t, values, max = this.#max) {
    this.#max = max;
    this.#readings.push({ t, values });
    while (this.#readings[0].t < t - WINDOW_MS) {
      this.#readings.shift();
    }
    this.#draw(t);
    const text = this.#format(...values);
    this.#value.textContent = text;
    this.#drawing.setAttribute('aria-label', `${this.#name}: ${text}`);
  }

  #draw(now) {
    const max = this.#max ?? nice(Math.max(...this.#readings.flatMap(({ values }) => values)));
    this.#scale.textContent = this.formatScale(max);
    for (const [i, line] of this.#lines.entries()) {
      const runs = this.#runs(now, i, max);
      line.setAttribute('d', runs.map(run => `M${run.map(([x, y]) => `${x} ${y}`).join('L')}`).join(''));
      if (i === 0) {
        this.#area.setAttribute('d', runs.map(fill).join(''));
      }
    }
  }

  /** @returns {[x: number, y: number][][]} points without a break between them */
  #runs(now, i, max) {
    const runs = [];
    let before = Number.NEGATIVE_INFINITY;
    for (const { t, values } of this.#readings) {
      if (t - before > BREAK_MS) {
        runs.push([]);
      }
      before = t;
      const y = HEIGHT - (Math.min(values[i], max) / max) * HEIGHT;
      runs.at(-1).push([Math.round(WINDOW_MS - (now - t)), Math.round(y * 10) / 10]);
    }
    return runs;
  }
}

function fill(run) {
  return `M${run[0][0]} ${HEIGHT}L${run.map(([x, y]) => `${x} ${y}`).join('L')}L${run.at(-1)[0]} ${HEIGHT}Z`;
}

/** The next of 1, 2, 5, 10 … that is not below; at least one KiB, so that silence does not look like a storm. */
function nice(max) {
  const unit = 1024 ** Math.max(1, Math.floor(Math.log(Math.max(max, 1024)) / Math.log(1024)));
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1024].find(n => n * unit >= max) ?? 1024;
  return step * unit;
}
