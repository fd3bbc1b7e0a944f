// Counts a mocha report (JSON after whatever the suite printed); names the failures
// of the run of ours on standard error.
import {readFileSync} from 'node:fs';
const [file, who] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
const {stats, failures} = JSON.parse(text.slice(text.indexOf('{\n  "stats"')));
console.log(`${stats.passes}/${stats.passes + failures.length}`);
if(who === 'ours') {
  for(const {fullTitle, err} of failures) {
    console.error(`- ${fullTitle.slice(-110)}\n    ${(err.message ?? '').slice(0, 140)}`);
  }
}
