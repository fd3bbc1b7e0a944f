// The vectors of the W3C's suite for VC-JOSE-COSE, without its Docker: its own table of
// tests, our program in the place of an implementation.
// usage: node jose.mjs SUITES PROGRAM
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';

const [suites, program] = process.argv.slice(2);
const tests = resolve(suites, 'vc-jose-cose-test-suite/tests');
const {COSETestMapping, JOSETestMapping, SDJWTTestMapping} = await import(pathToFileURL(join(tests, 'test-mapping.js')));
const out = mkdtempSync(join(tmpdir(), 'cocarde-vc-jose-'));
for(const [name, table] of [['JOSE', JOSETestMapping], ['SD-JWT', SDJWTTestMapping], ['COSE', COSETestMapping]]) {
  const all = Object.entries(table);
  let ours = 0;
  for(const [title, test] of all) {
    const output = join(out, 'result.json');
    execFileSync(program, [test.fn, '--input', join(tests, 'input', test.input_file),
      '--key', join(tests, 'input', test.key_file), '--feature', test.feature, '--output', output]);
    const {result, data} = JSON.parse(readFileSync(output, 'utf8'));
    if(result === test.expected_result) {
      ours++;
    } else if(name === 'JOSE') {
      console.error(`- ${title}: ${result} ${data.slice(0, 100)}`);
    }
  }
  const floor = all.filter(([, test]) => test.expected_result === 'failure').length;
  console.log(`${`vc-jose-cose-test-suite, ${name}`.padEnd(40)} ${`${ours}/${all.length}`.padStart(18)} ${`${floor}/${all.length}`.padStart(18)}`);
}
rmSync(out, {recursive: true});
