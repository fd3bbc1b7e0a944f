// What every judge here shares: the files to judge, and a count of what went as it must.
import {readFileSync} from 'node:fs';

export const out = process.argv[2];
export const text = name => readFileSync(`${out}/${name}`, 'utf8');
export const json = name => JSON.parse(text(name));
export const did = json('did.json');

/** A verification method of the issuer, by name. */
export const method = name => did.verificationMethod.find(m => m.id.endsWith(`#${name}`));

let held = 0;
/** Ends with an error unless `right`. */
export function must(right, what) {
  if(!right) {
    console.error(`FAILED: ${what}`);
    process.exit(1);
  }
  held++;
}

/** Says how many checks held. */
export const done = name => console.log(`${name}: ${held} checks held`);

/** The same text with one character changed, at a number of places. */
export function* changed(text, places) {
  for(let i = 0; i < places; i++) {
    const at = Math.floor((i + 0.5) * text.length / places);
    const other = text[at] === 'A' ? 'B' : 'A';
    yield text.slice(0, at) + other + text.slice(at + 1);
  }
}
