//! Keys that never leave their keeper, behind the one trait
//! [`Signer`](cocarde_seal::signer::Signer): a PKCS#11 token (smart card, HSM,
//! SoftHSM), or a signing service over HTTP.

mod pkcs11;
mod remote;

pub use pkcs11::{Pkcs11Signer, Pkcs11Uri};
pub use remote::{RemoteSigner, read_key, read_signature};
