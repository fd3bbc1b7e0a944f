const baseUrl = process.env.BASE_URL;
const id = process.env.ISSUER_DID;
const tags = ['BitstringStatusList', 'eddsa-jcs-2022', 'vc2.0', 'localhost'];
const at = path => [{id, endpoint: `${baseUrl}${path}`, tags, supports: {vc: ['2.0']}, options: {}}];
module.exports = {settings: {enableInteropTests: false, testAllImplementations: false}, implementations: [{
  name: 'Cocarde', implementation: 'Cocarde',
  issuers: at('/credentials/issue'), verifiers: at('/credentials/verify'), vpVerifiers: at('/presentations/verify')}]};
