// npm `jose` on the credential, the Open Badge and the lists as JWT: accepts ours,
// refuses them changed, under another key, and with another algorithm.
import {compactVerify, decodeProtectedHeader, importJWK} from 'jose';
import {changed, done, method, must, text} from './common.mjs';

const accepts = (token, key, alg) => compactVerify(token, key, {algorithms: [alg]}).then(() => true, () => false);
for(const [dir, name, alg] of [['ed25519', 'k1-jwk', 'EdDSA'], ['p256', 'k2-jwk', 'ES256']]) {
  const key = await importJWK(method(name).publicKeyJwk, alg);
  const [other, otherAlg] = alg === 'EdDSA' ? ['k2-jwk', 'ES256'] : ['k1-jwk', 'EdDSA'];
  const stranger = await importJWK(method(other).publicKeyJwk, otherAlg);
  for(const file of ['certificate.jwt', 'open-badge.jwt']) {
    const token = text(`${dir}/${file}`);
    const header = decodeProtectedHeader(token);
    must(header.alg === alg && header.typ === 'vc+jwt' && header.kid === method(name).id, `${file}: header`);
    must(await accepts(token, key, alg), `${dir}/${file} is accepted`);
    must(!await accepts(token, stranger, otherAlg), `${dir}/${file} is refused under another key`);
    for(const bad of changed(token, 200)) {
      must(!await accepts(bad, key, alg), `${dir}/${file} is refused once changed`);
    }
  }
}
const key = await importJWK(method('k1-jwk').publicKeyJwk, 'EdDSA');
for(const name of ['revocation', 'suspension', 'message']) {
  must(await accepts(text(`status/${name}`), key, 'EdDSA'), `list ${name}`);
}
done('jose');
