// The body against UNTP's published JSON schema (draft 2020-12), and every term against
// the JSON-LD contexts, which must define it.
// usage: node shape.mjs OUT UNTP, where UNTP is data-models/untp-dcc/artefacts of a copy
// of uncefact/spec-untp.
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import {contexts} from '@digitalbazaar/credentials-context';
import jsonld from 'jsonld';
import {readFileSync} from 'node:fs';
import {done, json, must} from './common.mjs';

const untp = name => JSON.parse(readFileSync(`${process.argv[3]}/${name}`, 'utf8'));
const ajv = formats(new Ajv({strict: false, allErrors: true}));
const valid = ajv.compile(untp('untp-dcc-schema.json'));
const good = json('ed25519/certificate.json');
must(valid(untp('untp-dcc-instance.json')), 'the schema accepts its own sample');
must(valid(good), JSON.stringify(valid.errors, null, 1));
for(const [what, change] of [
  ['no address', c => delete c.id],
  ['unknown topic', c => c.credentialSubject.assessment[0].conformityTopic = 'sovereignty'],
  ['no issuer', c => delete c.issuer],
  ['nobody it is issued to', c => delete c.credentialSubject.issuedToParty],
  ['unknown level', c => c.credentialSubject.assessmentLevel = 'Excellent'],
]) {
  const bad = structuredClone(good);
  change(bad);
  must(!valid(bad), `refused: ${what}`);
}

const ours = JSON.parse(readFileSync('crates/seal/data/context-v1.jsonld', 'utf8'));
const known = new Map([...contexts, ['https://cocarde.example/ns/v1', ours],
  ['https://test.uncefact.org/vocabulary/untp/dcc/working/', untp('context.jsonld')]]);
const documentLoader = async url => {
  must(known.has(url), `context ${url}`);
  return {document: known.get(url), documentUrl: url};
};
/** The first term that no context defines. */
const undefinedTerm = credential => jsonld.expand(credential, {documentLoader, safe: true}).then(
  () => undefined, e => e.details?.event?.details?.property ?? e.message);
const found = await undefinedTerm(good);
must(found === undefined, `every term is defined: ${found}`);
const strange = structuredClone(good);
strange.credentialSubject.sovereigntyCertification.strange = 'x';
must(await undefinedTerm(strange) === 'strange', 'a term that no context defines is found out');
done('UNTP schema and JSON-LD terms');
