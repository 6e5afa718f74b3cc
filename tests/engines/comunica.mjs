// Answers SPARQL queries over one file of N-Quads with Comunica, so that Node starts and the data is read only once.
// usage: node comunica.mjs <folder that npm installed into> <file.nq>
// Prints {"ready": true, …}; then for each line {"query": "…"} on standard input one line: {"results": SPARQL JSON, "seconds": n} or {"error": "…"}.
import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

// Some of its errors come from streams and cannot be caught at the query; then this process ends, and whoever asked starts anew.
process.on('uncaughtException', error => {
  tell({ error: String(error.message ?? error), ended: true });
  process.exit(1);
});

const [folder, file] = process.argv.slice(2);
const require = createRequire(join(folder, 'package.json'));
const { QueryEngine } = require('@comunica/query-sparql');
const { Store, StreamParser } = require('n3');

const store = new Store();
await new Promise((resolve, reject) => {
  const parser = new StreamParser({ format: 'application/n-quads' });
  parser.on('data', quad => store.addQuad(quad)).on('error', reject).on('end', resolve);
  createReadStream(file, 'utf8').pipe(parser);
});
const engine = new QueryEngine();
// ORDER BY with several keys sorts once per key, last key first, which needs a stable sort; the one of Comunica 4.5.0 puts an
// item anywhere among its equals. Whether that is still so is told in the first line; then equal items are kept as they came.
const sortsRight = await sortsByTwoKeys();
const { SortIterator } = require('@comunica/actor-query-operation-orderby/lib/SortIterator');
const read = SortIterator.prototype._read;
SortIterator.prototype._read = function (...args) {
  if (!this.keepsOrder) {
    const compare = this.sort;
    this.sort = (item, earlier) => compare(item, earlier) || 1;
    this.keepsOrder = true;
  }
  return read.apply(this, args);
};
const version = JSON.parse(readFileSync(join(folder, 'node_modules/@comunica/query-sparql/package.json'), 'utf8')).version;
tell({ ready: true, version, sortsRight, quads: store.size });

for await (const line of createInterface({ input: process.stdin })) {
  const started = performance.now();
  try {
    const result = await engine.query(JSON.parse(line).query, { sources: [store] });
    const { data } = await engine.resultToString(result, 'application/sparql-results+json');
    let text = '';
    for await (const chunk of data) text += chunk;
    const { head, results } = JSON.parse(text); // Comunica adds "metadata", which strict parsers refuse
    tell({ results: { head, results }, seconds: (performance.now() - started) / 1000 });
  } catch (error) {
    tell({ error: String(error.message ?? error) });
  }
}

async function sortsByTwoKeys() {
  const rows = [[1, 3], [2, 2], [1, 1], [2, 4], [1, 2], [2, 1], [1, 4], [2, 3]];
  const values = rows.map(row => `(${row.join(' ')})`).join(' ');
  const bindings = await engine.queryBindings(`SELECT ?a ?b WHERE { VALUES (?a ?b) { ${values} } } ORDER BY ?a ?b`, { sources: [new Store()] });
  const given = (await bindings.toArray()).map(row => `${row.get('a').value} ${row.get('b').value}`);
  return given.every((row, at) => at === 0 || given[at - 1] < row);
}

function tell(message) {
  process.stdout.write(JSON.stringify(message) + '\n');
}
