// npm `@digitalbazaar/vc`, with its cryptosuite eddsa-jcs-2022 and its status lists, on
// the credential with a Data Integrity proof: accepts ours, refuses it changed,
// withdrawn, too early, too late, and under another key.
import {contexts} from '@digitalbazaar/credentials-context';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {compactVerify, importJWK} from 'jose';
import {did, done, json, method, must, text} from './common.mjs';

const key = await importJWK(method('k1-jwk').publicKeyJwk, 'EdDSA');
/** A list, once `jose` has verified it. */
const list = async path => {
  const {payload} = await compactVerify(text(path), key);
  return JSON.parse(new TextDecoder().decode(payload));
};
const loader = lists => async url => {
  const name = url.startsWith('https://label.example/statut/') && url.split('/').at(-1);
  const document = contexts.get(url) ?? (name ? await list(`${lists}/${name}`) :
    did.verificationMethod.find(m => m.id === url));
  if(!document) {
    throw new Error(`nothing at ${url}`);
  }
  return {document, documentUrl: url};
};
/** Of every list this library reads (one bit an entry), the bit is clear. */
const standing = lists => async ({credential}) => {
  const bits = credential.credentialStatus.filter(e => e.statusPurpose !== 'message');
  const answer = await checkStatus({credential: {...credential, credentialStatus: bits},
    documentLoader: loader(lists), verifyBitstringStatusListCredential: false});
  const clear = answer.verified && answer.results.length === 2 && answer.results.every(r => r.status === false);
  return {...answer, verified: clear};
};
const verify = (credential, {lists = 'status', now = '2026-11-25T00:00:00Z'} = {}) => vc.verifyCredential({
  credential, now, documentLoader: loader(lists), checkStatus: standing(lists),
  suite: new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()}),
  purpose: new vc.CredentialIssuancePurpose({controller: did})});

const good = json('ed25519/certificate.json');
const first = await verify(good);
must(first.verified, `the certificate is accepted: ${JSON.stringify(first.error ?? first.statusResult, null, 1)}`);
must(!(await verify(good, {lists: 'withdrawn'})).verified, 'withdrawn');
must(!(await verify(good, {now: '2026-11-20T00:00:00Z'})).verified, 'too early');
must(!(await verify(good, {now: '2036-11-20T00:00:00Z'})).verified, 'too late');

/** Every text, number and truth value of a document, by path. */
function* leaves(value, path = []) {
  if(value === null || typeof value !== 'object') {
    yield path;
  } else {
    for(const name of Object.keys(value)) {
      yield* leaves(value[name], [...path, name]);
    }
  }
}
const set = (value, [name, ...rest], change) => {
  value[name] = rest.length ? set(value[name], rest, change) : change(value[name]);
  return value;
};
const other = v => typeof v === 'string' ? `${v}x` : typeof v === 'number' ? v + 1 : !v;
for(const path of leaves(good)) {
  const bad = set(structuredClone(good), path, other);
  must(!(await verify(bad)).verified, `refused once changed at ${path.join('.')}`);
}
const added = {...structuredClone(good), note: 'added'};
must(!(await verify(added)).verified, 'refused once something is added');
done('@digitalbazaar/vc');
