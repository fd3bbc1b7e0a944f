//! A key on a PKCS#11 token, named by a URI of RFC 7512.

use cocarde_seal::file::{read_within, why};
use cocarde_seal::key::PublicKey;
use cocarde_seal::signer::Signer;
use cocarde_seal::{Refusal, Result};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use sha2::{Digest, Sha256};
use std::io;
use std::path::Path;

/// Most bytes of the file that holds a PIN.
const MAX_PIN: u64 = 4096;

fn refused(fr: &str, en: &str) -> Refusal {
    Refusal::new(
        "pkcs11",
        format!("jeton PKCS#11 : {fr}"),
        format!("PKCS#11 token: {en}"),
    )
}

/// What the module says, in its own words.
fn said(e: Error) -> Refusal {
    let what = e.to_string();
    refused(&what, &what)
}

/// Where a key is:
/// `pkcs11:token=T;object=K?module-path=/usr/lib/…so&pin-source=file:/run/pin`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pkcs11Uri {
    /// Label of the token.
    pub token: String,
    /// Label of the key.
    pub object: String,
    /// The module (a shared library).
    pub module: String,
    /// The file that holds the PIN.
    pub pin_file: String,
}

impl Pkcs11Uri {
    /// Reads a URI. Errors name the attribute that is missing or not understood.
    pub fn read(text: &str) -> Result<Pkcs11Uri> {
        let rest = text
            .strip_prefix("pkcs11:")
            .ok_or_else(|| refused("« pkcs11:… » attendu", "`pkcs11:…` expected"))?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (mut token, mut object, mut module, mut pin) = (None, None, None, None);
        for pair in path
            .split(';')
            .chain(query.split('&'))
            .filter(|p| !p.is_empty())
        {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = unescape(value).ok_or_else(|| {
                refused(
                    &format!(
                        "« {name} » : « % » veut deux chiffres hexadécimaux, le tout en UTF-8"
                    ),
                    &format!("`{name}`: `%` wants two hexadecimal digits, the whole in UTF-8"),
                )
            })?;
            let value = Some(value);
            match name {
                "token" => token = value,
                "object" => object = value,
                "module-path" => module = value,
                "pin-source" => pin = value.map(|v| v.trim_start_matches("file:").to_owned()),
                "type" | "module-name" => {}
                _ => {
                    let known = "token, object, module-path, pin-source";
                    return Err(refused(
                        &format!("« {name} » n'est pas connu ici ; on connaît : {known}"),
                        &format!("`{name}` is not known here; known are: {known}"),
                    ));
                }
            }
        }
        let need = |v: Option<String>, name: &str| {
            v.ok_or_else(|| {
                refused(
                    &format!("« {name}=… » manque : ajoutez-le"),
                    &format!("`{name}=…` is missing: add it"),
                )
            })
        };
        Ok(Pkcs11Uri {
            token: need(token, "token")?,
            object: need(object, "object")?,
            module: need(module, "module-path")?,
            pin_file: need(pin, "pin-source")?,
        })
    }
}

fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(b) = rest.next() {
        match b {
            b'%' => {
                let pair = [rest.next()?, rest.next()?];
                let digits = std::str::from_utf8(&pair).ok()?;
                bytes.push(u8::from_str_radix(digits, 16).ok()?);
            }
            _ => bytes.push(b),
        }
    }
    String::from_utf8(bytes).ok()
}

/// A session with the key's token.
pub struct Pkcs11Signer {
    session: Session,
    key: ObjectHandle,
    public: PublicKey,
    // Unloads the module: last, after the session is closed.
    _module: Pkcs11,
}

impl Pkcs11Signer {
    /// Opens a session and finds the key. One process may open several keys of a
    /// token: it is logged in once. Errors: no such module, token, key, or a wrong PIN.
    pub fn open(uri: &Pkcs11Uri) -> Result<Pkcs11Signer> {
        let pin = read_within(Path::new(&uri.pin_file), MAX_PIN);
        let pin = pin.and_then(|b| String::from_utf8(b).map_err(io::Error::other));
        let pin = pin.map_err(|e| {
            let (place, (fr, en)) = (&uri.pin_file, why(&e));
            refused(&format!("{place} : {fr}"), &format!("{place}: {en}"))
        })?;
        let module = Pkcs11::new(&uri.module).map_err(|e| said(e).at(&uri.module))?;
        let started = CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK);
        unless(
            module.initialize(started),
            RvError::CryptokiAlreadyInitialized,
        )?;
        let slot = slot(&module, &uri.token)?;
        let session = module.open_ro_session(slot).map_err(said)?;
        let pin = AuthPin::new(pin.trim_end().into());
        let login = session.login(UserType::User, Some(&pin));
        unless(login, RvError::UserAlreadyLoggedIn)?;
        let public = public(&session, &uri.object)?;
        let key = one(&session, ObjectClass::PRIVATE_KEY, &uri.object)?;
        Ok(Pkcs11Signer {
            session,
            key,
            public,
            _module: module,
        })
    }
}

/// What another key of this process did already is no error.
fn unless(done: cryptoki::error::Result<()>, already: RvError) -> Result<()> {
    match done {
        Err(Error::Pkcs11(e, _)) if e == already => Ok(()),
        done => done.map_err(said),
    }
}

fn slot(module: &Pkcs11, label: &str) -> Result<Slot> {
    for slot in module.get_slots_with_initialized_token().map_err(said)? {
        let info = module.get_token_info(slot).map_err(said)?;
        if info.label().trim_end() == label {
            return Ok(slot);
        }
    }
    Err(refused(
        &format!("aucun jeton « {label} » : « token=… » le nomme"),
        &format!("no token `{label}`: `token=…` names it"),
    ))
}

fn one(session: &Session, class: ObjectClass, label: &str) -> Result<ObjectHandle> {
    let template = [Attribute::Class(class), Attribute::Label(label.into())];
    let found = session.find_objects(&template).map_err(said)?;
    match found[..] {
        [key] => Ok(key),
        [] => Err(refused(
            &format!("aucune clé « {label} » : « object=… » la nomme"),
            &format!("no key `{label}`: `object=…` names it"),
        )),
        _ => Err(refused(
            &format!("plusieurs clés « {label} » : donnez à l'une un autre nom"),
            &format!("several keys `{label}`: give one of them another name"),
        )),
    }
}

fn public(session: &Session, label: &str) -> Result<PublicKey> {
    let key = one(session, ObjectClass::PUBLIC_KEY, label)?;
    let wanted = [AttributeType::EcPoint];
    let found = session.get_attributes(key, &wanted).map_err(said)?;
    let Some(Attribute::EcPoint(der)) = found.first() else {
        return Err(refused(
            &format!(
                "la clé « {label} » n'est pas d'une courbe (pas de CKA_EC_POINT) : il en faut une, Ed25519 ou P-256"
            ),
            &format!(
                "the key `{label}` is on no curve (no CKA_EC_POINT): it wants one, Ed25519 or P-256"
            ),
        ));
    };
    // An OCTET STRING around the point; some tokens leave the wrapping out.
    let key = match der[..] {
        [4, 32, ref point @ ..] if point.len() == 32 => PublicKey::ed25519(point),
        [4, 65, ref point @ ..] if point.len() == 65 => PublicKey::p256(point),
        _ if der.len() == 32 => PublicKey::ed25519(der),
        _ => PublicKey::p256(der),
    };
    key.map_err(|r| refused(&r.fr, &r.en).at(label))
}

impl Signer for Pkcs11Signer {
    fn public(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let signed = match self.public {
            PublicKey::Ed25519(_) => {
                let pure = EddsaParams::new(EddsaSignatureScheme::Pure);
                self.session
                    .sign(&Mechanism::Eddsa(pure), self.key, message)
            }
            PublicKey::P256(_) => {
                let hash = Sha256::digest(message);
                self.session.sign(&Mechanism::Ecdsa, self.key, &hash)
            }
        };
        let signature = signed.map_err(said)?;
        // A token that signed with another key, or badly, is found out here.
        let checked = self.public.verify(message, &signature);
        checked.map_err(|r| r.at("PKCS#11"))?;
        Ok(signature)
    }
}
