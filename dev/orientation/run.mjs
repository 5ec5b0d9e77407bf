// Evaluates answer sets with the page's own module: node run.mjs FOLDER, where FOLDER is web/.
// A line of input is {"rules": …} or {"answers": …, "worth": true}; each answer set has a line
// of output: what visible, counting and evaluate say, and where wanted what is worth asking,
// what little was answered of, and what would go into a case.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const web = resolve(process.argv[2]);
const { build } = await import(createRequire(resolve(web, 'package.json')).resolve('vite'));
const [built] = await build({
  configFile: false,
  root: web,
  logLevel: 'error',
  build: { write: false, minify: false, lib: { entry: resolve(web, 'src/orientation/evaluate.ts'), formats: ['es'] } },
});
const code = Buffer.from(built.output[0].code).toString('base64');
const { aside, counting, early, edition, evaluate, going, inOrder, read, toVerify, visible, worthAsking } = await import(`data:text/javascript;base64,${code}`);

const answer = (rules, { answers, worth, sorted, today, editions }) => {
  if (editions) {
    return { at: editions.indexOf(edition(editions, today).rules), standing: edition(editions, today).standing };
  }
  if (today) {
    return { verify: rules.parameters.filter((parameter) => toVerify(parameter, today)).map(({ id }) => id) };
  }
  const said = { visible: visible(rules, answers), counting: counting(rules, answers), ...evaluate(rules, answers) };
  if (sorted) {
    const names = early(read(rules, answers), said);
    return { ...said, early: [...names], aside: aside(rules, said, names).map(({ id }) => id), order: inOrder(rules, said.warnings).map(({ id }) => id), going: going(rules, answers) };
  }
  return worth ? { ...said, worth: worthAsking(rules, answers) } : said;
};

let rules;
let out = [];
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  if (order.rules) {
    rules = order.rules;
  } else {
    out.push(JSON.stringify(answer(rules, order)), '\n');
  }
  if (out.length >= 1000) {
    process.stdout.write(out.join(''));
    out = [];
  }
}
process.stdout.write(out.join(''));
