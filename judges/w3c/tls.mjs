// Serves over TLS on this machine what another port of it serves in the clear.
// usage: node tls.mjs CERTIFICATE PORT BEHIND, where CERTIFICATE.key and CERTIFICATE.pem are.
import {readFileSync} from 'node:fs';
import {request} from 'node:http';
import {createServer} from 'node:https';

const [certificate, port, behind] = process.argv.slice(2);
const keys = {key: readFileSync(`${certificate}.key`), cert: readFileSync(`${certificate}.pem`)};
createServer(keys, (asked, answer) => {
  const {method, url: path, headers} = asked;
  const passed = request({host: '127.0.0.1', port: behind, method, path, headers}, got => {
    answer.writeHead(got.statusCode, got.headers);
    got.pipe(answer);
  });
  passed.on('error', () => answer.writeHead(502).end());
  asked.pipe(passed);
}).listen(Number(port), '127.0.0.1');
